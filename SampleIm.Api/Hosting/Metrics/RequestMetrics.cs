using System.Collections.Concurrent;
using Microsoft.AspNetCore.StaticAssets;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>Counts every request by its route and the class of its answer, and every error answer by its code.</summary>
public sealed class RequestMetrics
{
    private readonly TallyFamily _requests;
    private readonly TallyFamily _problems;
    private readonly ConcurrentDictionary<RouteEndpoint, Route> _routes = new();
    private readonly Route _page;
    private readonly Route _none;

    public RequestMetrics(Instruments instruments)
    {
        _requests = instruments.AddCounts("sampleim.requests", "{request}", "Requests answered, by route and class of the status", "method", "route", "status");
        _problems = instruments.AddCounts("sampleim.problems", "{answer}", "Error answers by code", "code");
        _page = new Route("GET", "page");
        _none = new Route("any", "none");
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

    /// <summary>Counts the answers of a route that are given before a request comes here.</summary>
    public Action<int> CounterOf(string method, string pattern)
    {
        var route = new Route(method, pattern);
        return status => route.OfClass(status / 100, _requests).Increment();
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
        RouteOf(context.GetEndpoint()).OfClass(context.Response.StatusCode / 100, _requests).Increment();
        if (context.Features.Get<ApiProblem>() is { } problem)
        {
            _problems.Of(problem.Code).Increment();
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
        return new Route(method, "/" + endpoint.RoutePattern.RawText?.TrimStart('/'));
    }

    private sealed record Route(string Method, string Pattern)
    {
        private readonly Tally?[] _byClass = new Tally?[10];

        public Tally OfClass(int hundreds, TallyFamily requests) => _byClass[hundreds] ??= requests.Of(Method, Pattern, $"{hundreds}xx");
    }
}
