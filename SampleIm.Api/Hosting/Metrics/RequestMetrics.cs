using System.Collections.Concurrent;
using Microsoft.AspNetCore.StaticAssets;
using SampleIm.Api.Chat.Total;
using SampleIm.Api.Hosting.OpenApi;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Counts every request by its route and the class of its answer, and every error answer by its code.</summary>
public sealed class RequestMetrics
{
    private readonly PollMetrics _polls;
    private readonly TallyFamily _requests;
    private readonly TallyFamily _problems;
    private readonly ConcurrentDictionary<RouteEndpoint, Route> _routes = new();
    private readonly Route _page;
    private readonly Route _none;
    private readonly Route _poll;

    public RequestMetrics(Instruments instruments, PollMetrics polls)
    {
        _polls = polls;
        _requests = instruments.AddCounts("sampleim.requests", "{request}", "Requests answered, by route and class of the status", "method", "route", "status");
        _problems = instruments.AddCounts("sampleim.problems", "{answer}", "Error answers by code", "code");
        _page = new Route("GET", "page", IsPoll: false);
        _none = new Route("any", "none", IsPoll: false);
        _poll = new Route("GET", TotalEndpoint.Path, IsPoll: true);
    }

    /// <summary>Outside of everything but the polls that are answered from memory: sees what the client gets, no matter what answers.</summary>
    public Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var answering = next(context);
        if (!answering.IsCompletedSuccessfully)
        {
            return CountLaterAsync(context, answering);
        }

        Count(context);
        return answering;
    }

    /// <summary>A poll that was answered before it came here.</summary>
    public void Polled(int status)
    {
        _poll.OfClass(status / 100, _requests).Increment();
        _polls.Answered(status);
    }

    /// <summary>An error answer with this code.</summary>
    public void Refused(string code) => _problems.Of(code).Increment();

    private async Task CountLaterAsync(HttpContext context, Task answering)
    {
        try
        {
            await answering;
        }
        finally
        {
            Count(context);
        }
    }

    private void Count(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var route = RouteOf(context.GetEndpoint());
        route.OfClass(status / 100, _requests).Increment();
        if (route.IsPoll)
        {
            _polls.Answered(status);
        }
    }

    /// <summary>Routing also answers with endpoints made for one request, for a wrong method: keeping those would be a leak.</summary>
    private Route RouteOf(Endpoint? endpoint) =>
        endpoint is RouteEndpoint route ? _routes.TryGetValue(route, out var known) ? known : _routes.GetOrAdd(route, Describe(route)) : _none;

    private Route Describe(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            return _page;
        }

        var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods: [var first, ..] } ? first : "any";
        return new Route(method, "/" + endpoint.RoutePattern.RawText?.TrimStart('/'), endpoint.Metadata.GetMetadata<PolledAttribute>() is not null);
    }

    private sealed record Route(string Method, string Pattern, bool IsPoll)
    {
        private readonly Tally?[] _byClass = new Tally?[10];

        public Tally OfClass(int hundreds, TallyFamily requests) => _byClass[hundreds] ??= requests.Of(Method, Pattern, $"{hundreds}xx");
    }
}
