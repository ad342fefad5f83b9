using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using SampleIm.Api.Hosting.Addresses;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Security;

/// <summary>The call tells nothing about anybody and changes nothing: it is answered under any host name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnyHostAttribute : Attribute;

/// <summary>
/// The host names under which this server answers. A page of another site may give its own name the address of this server (DNS
/// rebinding): to the browser both are then one site, and the name is all that tells them apart. They are the names in the
/// setting
/// <c>AllowedHosts</c>. Without that, a server that only this machine reaches answers to the names of this machine, and one that
/// others reach answers to any, because nobody has told it its names.
/// </summary>
public sealed partial class HostNames(
    IServer server, IConfiguration configuration, IOptions<ProxyOptions> proxies, ILogger<HostNames> logger)
{
    public const string Setting = "AllowedHosts";

    private const string Any = "*";

    private const string OfThisMachine = ".localhost";

    private const string Refusal =
        "This server is not known by the host name of the request; the setting AllowedHosts names those that it answers to.";

    /// <summary>What the framework's own filter takes: its refusal would have none of our headers, and no code.</summary>
    private static readonly string[] s_framework = [Any];

    private Rule? _rule;
    private int _hasRefused;

    private bool IsSet => !string.IsNullOrWhiteSpace(configuration[Setting]);

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<HostNames>();
        services.Configure<HostFilteringOptions>(options => options.AllowedHosts = [.. s_framework]);
    }

    /// <summary>When the server listens: says what the person who runs it should set.</summary>
    public void Start()
    {
        _rule = MakeRule();
        if (IsSet)
        {
            return;
        }

        if (_rule is { Names: null, IsForBrowsers: true })
        {
            LogAny(logger);
        }
        else if (_rule.Names is not null && proxies.Value.Trusted.Count > 0)
        {
            LogProxy(logger);
        }
    }

    public Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        if (IsOwn(context.Request.Host) || context.GetEndpoint()?.Metadata.GetMetadata<AnyHostAttribute>() is not null)
        {
            return next(context);
        }

        // Once: a stranger who sends made-up names fills no log. Without the name, because strangers choose it.
        if (Interlocked.Exchange(ref _hasRefused, 1) == 0)
        {
            LogRefused(logger);
        }

        return ApiProblem.Of(ProblemCodes.RequestHostUnknown, Refusal).ExecuteAsync(context);
    }

    /// <summary>A request without a host name comes from an old program (HTTP/1.0) and from no browser.</summary>
    private bool IsOwn(HostString host)
    {
        // Before the start is complete not all addresses may be known.
        var rule = _rule ?? MakeRule();
        return rule.Names is not { } names || !host.HasValue || (!IsSet && IsThisMachine(host.Host))
            || HostString.MatchesAny(host.Value, [.. names]);
    }

    private static bool IsThisMachine(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private Rule MakeRule()
    {
        if (IsSet)
        {
            const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
            var names = configuration[Setting]!.Split(';', Trimmed);
            return new Rule(names.Contains(Any) ? null : Punycode(names), IsForBrowsers: true);
        }

        var addresses = (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(BindingAddress.Parse)
            .Where(address => !address.IsUnixPipe && !address.IsNamedPipe).Select(address => address.Host).ToList();
        // To Kestrel a name that it cannot look up means every address, and it shows it as such.
        var isLocal = addresses.Count > 0
            && addresses.TrueForAll(host => IsThisMachine(host)
                || host.EndsWith(OfThisMachine, StringComparison.OrdinalIgnoreCase));
        return new Rule(isLocal ? Punycode(addresses) : null, IsForBrowsers: addresses.Count > 0);
    }

    private static List<StringSegment> Punycode(IEnumerable<string> names) =>
        [.. names.Select(name => (StringSegment)new HostString(name).ToUriComponent())];

    [LoggerMessage(Level = LogLevel.Warning, Message = "Requests for any host name are answered. Name those that people use in "
        + "AllowedHosts (--AllowedHosts=chat.example), or a page of another site can reach this server from their browsers under "
        + "a name of its own")]
    private static partial void LogAny(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Only requests for localhost are answered. Where a trusted proxy passes others "
        + "on, name their hosts in AllowedHosts (--AllowedHosts=chat.example)")]
    private static partial void LogProxy(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request was refused because its host name is not one that this server "
        + "answers to. If people cannot reach it, name the hosts that they use in AllowedHosts (--AllowedHosts=chat.example), "
        + "also behind a proxy. Later refusals are not logged as warnings")]
    private static partial void LogRefused(ILogger logger);

    /// <param name="Names">Null for any.</param>
    /// <param name="IsForBrowsers">Whether it listens where a browser could reach it: no browser opens a Unix socket.</param>
    private sealed record Rule(IReadOnlyList<StringSegment>? Names, bool IsForBrowsers);
}
