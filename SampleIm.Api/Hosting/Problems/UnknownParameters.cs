using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SampleIm.Api.Hosting.Configuration;

namespace SampleIm.Api.Hosting.Problems;

/// <summary>
/// Refuses a parameter in the query that the call does not know. A mistyped <c>limit</c> or <c>after</c> would otherwise be left
/// out in silence, and the caller would take the first page for all there is.
/// </summary>
public sealed class UnknownParameters
{
    private const int MostLetters = 64;

    /// <summary>With more of them it is another word.</summary>
    private const int MostSlips = 3;

    private readonly ConcurrentDictionary<Endpoint, string[]> _known = new();

    /// <summary>Only calls of the API: anyone who fetches files or asks for the health may add what keeps a cache away.</summary>
    public static bool IsChecked(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/media");

    /// <summary>After authorization: a stranger learns from it nothing but that a sign-in is needed.</summary>
    public Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.QueryString.HasValue || !IsChecked(context.Request.Path)
            || context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(context);
        }

        var known = _known.GetOrAdd(endpoint, NamesOf);
        var unknown = context.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase));
        return unknown is null ? next(context) : Refusal(unknown, known).ExecuteAsync(context);
    }

    private static ApiProblem Refusal(string unknown, string[] known)
    {
        var name = unknown.Length <= MostLetters ? unknown : unknown[..MostLetters] + "…";
        var hint = known.Length > 0 ? HintAmong(known, name) : "It takes none.";
        return ApiProblem.OfField(
            ProblemCodes.RequestUnknownParameter, name, $"This call has no query parameter '{name}'. {hint}");
    }

    private static string HintAmong(string[] known, string name)
    {
        var (nearest, slips) = NearestName.Of(name, known);
        return slips <= Math.Min(MostSlips, nearest.Length / 2)
            ? $"Did you mean '{nearest}'?"
            : $"It takes '{string.Join("', '", known)}'.";
    }

    /// <summary>The names that the call's own code reads.</summary>
    private static string[] NamesOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is { } action
            ? [.. action.Parameters.Where(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Query)
                .Select(parameter => parameter.BindingInfo!.BinderModelName ?? parameter.Name)]
            : [.. (endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
                .Select(
                    parameter =>
                        (parameter.Name, Source: parameter.GetCustomAttributes().OfType<IFromQueryMetadata>().FirstOrDefault()))
                .Where(found => found.Source is not null)
                .Select(found => found.Source!.Name ?? found.Name!)];
}
