using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.StaticAssets;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Counts every request by its route and the class of its answer, and every error answer by its code.</summary>
public sealed class RequestMetrics
{
    private readonly Counter<long> _problems;
    private readonly ConcurrentDictionary<RouteEndpoint, Route> _routes = new();

    /// <summary>By method and pattern: several endpoints may be one to those who read the counts.</summary>
    private readonly ConcurrentDictionary<(string Method, string Pattern), Route> _counted = new();
    private readonly Route _page;
    private readonly Route _none;

    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.CreateServerMeter();
        meter.CreateObservableCounter(
            "sampleim.requests", () => _counted.Values.SelectMany(route => route.Read()), "{request}",
            "Requests answered, by route and class of the status");
        _problems = meter.CreateCounter<long>("sampleim.problems", "{answer}", "Error answers by code");
        (_page, _none) = (RouteOf("GET", "page"), RouteOf("any", "none"));
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
    public Action<int> CounterOf(string method, string pattern) => RouteOf(method, pattern).Count;

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
        RouteOf(context.GetEndpoint()).Count(context.Response.StatusCode);
        if (context.Features.Get<ApiProblem>() is { } problem)
        {
            _problems.Add(1, new KeyValuePair<string, object?>("code", problem.Code));
        }
    }

    /// <summary>
    /// Routing also answers with endpoints made for one request, for a wrong method: keeping those would be a leak.
    /// </summary>
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
        return RouteOf(methods is [var first, ..] ? first : "any", "/" + endpoint.RoutePattern.RawText?.TrimStart('/'));
    }

    private Route RouteOf(string method, string pattern) =>
        _counted.GetOrAdd((method, pattern), key => new Route(key.Method, key.Pattern));

    /// <summary>How often one route was answered, by the class of the status.</summary>
    private sealed class Route(string method, string pattern)
    {
        private readonly long[] _counts = new long[10];

        public void Count(int status) => Interlocked.Increment(ref _counts[status / 100]);

        public IEnumerable<Measurement<long>> Read()
        {
            for (var hundreds = 0; hundreds < _counts.Length; hundreds++)
            {
                if (Interlocked.Read(ref _counts[hundreds]) is > 0 and var count)
                {
                    yield return new(count, new("method", method), new("route", pattern), new("status", $"{hundreds}xx"));
                }
            }
        }
    }
}
