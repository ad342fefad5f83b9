using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.StaticAssets;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Counts every request by its route and the class of its answer, and every error answer by its code.</summary>
public sealed class RequestMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _problems;
    private readonly ConcurrentDictionary<RouteEndpoint, Route> _routes = new();
    private readonly Route _page = new("GET", "page");
    private readonly Route _none = new("any", "none");

    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.CreateServerMeter();
        _requests = meter.CreateCounter<long>(
            "sampleim.requests", "{request}", "Requests answered, by route and class of the status");
        _problems = meter.CreateCounter<long>("sampleim.problems", "{answer}", "Error answers by code");
    }

    /// <summary>
    /// Outside of everything but the polls that are answered from memory: sees what the client gets, no matter what answers.
    /// </summary>
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

    /// <summary>Counts the answers of a route that are given before a request comes here.</summary>
    public Action<int> CounterOf(string method, string pattern)
    {
        var route = new Route(method, pattern);
        return status => route.Count(_requests, status);
    }

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
        RouteOf(context.GetEndpoint()).Count(_requests, context.Response.StatusCode);
        if (context.Features.Get<ApiProblem>() is { } problem)
        {
            _problems.Add(1, new KeyValuePair<string, object?>("code", problem.Code));
        }
    }

    /// <summary>Routing also answers with endpoints made for one request, for a wrong method: keeping those would be a leak.</summary>
    private Route RouteOf(Endpoint? endpoint) => endpoint is RouteEndpoint route
        ? _routes.TryGetValue(route, out var known) ? known : _routes.GetOrAdd(route, Describe(route))
        : _none;

    private Route Describe(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            return _page;
        }

        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
        return new Route(methods is [var first, ..] ? first : "any", "/" + endpoint.RoutePattern.RawText?.TrimStart('/'));
    }

    /// <summary>The labels of one route, made once.</summary>
    private sealed class Route(string method, string pattern)
    {
        private static readonly KeyValuePair<string, object?>[] s_classes =
            [.. Enumerable.Range(0, 10).Select(hundreds => new KeyValuePair<string, object?>("status", $"{hundreds}xx"))];

        private readonly KeyValuePair<string, object?> _method = new("method", method);
        private readonly KeyValuePair<string, object?> _pattern = new("route", pattern);

        public void Count(Counter<long> requests, int status) => requests.Add(1, _method, _pattern, s_classes[status / 100]);
    }
}
