using System.Net;
using SampleIm.Api.Hosting.Addresses;

namespace SampleIm.Api.Hosting.Logging;

/// <summary>
/// Who signed in and out, who tried in vain, and what administrators did: category <c>SampleIm.Audit</c>. A name that somebody
/// typed stands in it only where an account has it, because people also type passwords into the field for names.
/// </summary>
public sealed partial class AuditLog(ILoggerFactory loggers)
{
    public const string Category = "SampleIm.Audit";

    /// <summary>In place of a name that nobody has.</summary>
    public const string Unknown = "(unknown)";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public void Registered(HttpContext context, string user)
    {
        var (address, request) = Origin(context);
        LogRegistered(_logger, user, address, request);
    }

    /// <param name="context">The request.</param>
    /// <param name="user">Who.</param>
    /// <param name="means"><c>cookie</c> or <c>token</c>.</param>
    public void SignedIn(HttpContext context, string user, string means)
    {
        var (address, request) = Origin(context);
        LogSignedIn(_logger, user, means, address, request);
    }

    public void SignInFailed(HttpContext context, string? user)
    {
        var (address, request) = Origin(context);
        LogSignInFailed(_logger, user ?? Unknown, address, request);
    }

    /// <summary>
    /// The password does not count while the name is locked, be it right or wrong; also the failure that brought the lock.
    /// </summary>
    public void Locked(HttpContext context, string? user, DateTimeOffset until)
    {
        var (address, request) = Origin(context);
        LogLocked(_logger, user ?? Unknown, until.UtcDateTime, address, request);
    }

    public void RefreshFailed(HttpContext context)
    {
        var (address, request) = Origin(context);
        LogRefreshFailed(_logger, address, request);
    }

    public void PasswordChanged(HttpContext context, string user)
    {
        var (address, request) = Origin(context);
        LogPasswordChanged(_logger, user, address, request);
    }

    public void PasswordChangeFailed(HttpContext context, string user)
    {
        var (address, request) = Origin(context);
        LogPasswordChangeFailed(_logger, user, address, request);
    }

    public void SignedOut(HttpContext context, string user)
    {
        var (address, request) = Origin(context);
        LogSignedOut(_logger, user, address, request);
    }

    /// <summary>An administrator recalled what somebody else had sent.</summary>
    public void RecalledForeign(HttpContext context, string admin, string conversation, long seq, string sender)
    {
        var (address, request) = Origin(context);
        LogRecalledForeign(_logger, admin, conversation, seq, sender, address, request);
    }

    /// <param name="context">The request.</param>
    /// <param name="limit">Which limit: the name of its setting.</param>
    public void Limited(HttpContext context, string limit)
    {
        var (address, request) = Origin(context);
        LogLimited(_logger, limit, address, request);
    }

    private static (IPAddress Address, string RequestId) Origin(HttpContext context) =>
        (ClientAddress.Of(context), context.TraceIdentifier);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{User} registered from {Address}, request {RequestId}")]
    private static partial void LogRegistered(ILogger logger, string user, IPAddress address, string requestId);

    [LoggerMessage(
        EventId = 2, Level = LogLevel.Information, Message = "{User} signed in by {Means} from {Address}, request {RequestId}")]
    private static partial void LogSignedIn(ILogger logger, string user, string means, IPAddress address, string requestId);

    [LoggerMessage(
        EventId = 3, Level = LogLevel.Warning, Message = "A sign-in as {User} failed from {Address}, request {RequestId}")]
    private static partial void LogSignInFailed(ILogger logger, string user, IPAddress address, string requestId);

    [LoggerMessage(
        EventId = 4, Level = LogLevel.Warning,
        Message = "{User} is locked until {Until:yyyy-MM-ddTHH:mm:ssZ}: refused a password from {Address}, request {RequestId}")]
    private static partial void LogLocked(ILogger logger, string user, DateTime until, IPAddress address, string requestId);

    [LoggerMessage(
        EventId = 5, Level = LogLevel.Warning, Message = "A refresh token was refused from {Address}, request {RequestId}")]
    private static partial void LogRefreshFailed(ILogger logger, IPAddress address, string requestId);

    [LoggerMessage(
        EventId = 6, Level = LogLevel.Information, Message = "{User} changed the password from {Address}, request {RequestId}")]
    private static partial void LogPasswordChanged(ILogger logger, string user, IPAddress address, string requestId);

    [LoggerMessage(
        EventId = 7, Level = LogLevel.Warning,
        Message = "{User} gave a wrong current password to change it from {Address}, request {RequestId}")]
    private static partial void LogPasswordChangeFailed(ILogger logger, string user, IPAddress address, string requestId);

    [LoggerMessage(EventId = 8, Level = LogLevel.Information, Message = "{User} signed out from {Address}, request {RequestId}")]
    private static partial void LogSignedOut(ILogger logger, string user, IPAddress address, string requestId);

    [LoggerMessage(
        EventId = 9, Level = LogLevel.Warning,
        Message =
            "Administrator {User} recalled message {Seq} of {Sender} in {Conversation} from {Address}, request {RequestId}")]
    private static partial void LogRecalledForeign(
        ILogger logger, string user, string conversation, long seq, string sender, IPAddress address, string requestId);

    [LoggerMessage(
        EventId = 10, Level = LogLevel.Warning,
        Message = "The limit {Limit} stopped a request from {Address}, request {RequestId}")]
    private static partial void LogLimited(ILogger logger, string limit, IPAddress address, string requestId);
}
