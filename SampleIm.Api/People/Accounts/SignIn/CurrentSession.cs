using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Filters;
using SampleIm.Api.Hosting.Problems;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>
/// Asks again for the session once the body of a call has been read. A body may be held back for as long as its sender likes:
/// otherwise what began before a sign-out or a change of the password would be done after it.
/// </summary>
public sealed class CurrentSession(Sessions sessions) : IAsyncActionFilter
{
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var request = context.HttpContext;
        if (request.Features.Get<Session>() is { } session
            && !context.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any()
            && await sessions.HasEndedAsync(session, request.RequestAborted))
        {
            context.Result = ApiProblem.Of(ProblemCodes.AccountSignInRequired);
            return;
        }

        await next();
    }
}
