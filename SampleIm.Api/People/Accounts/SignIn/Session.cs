using Microsoft.AspNetCore.Http.Features;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>One sign-in, by cookie or bearer token: who makes the request.</summary>
/// <param name="id">Unguessable; stands in the cookie and in the tokens.</param>
/// <param name="user">Who signed in.</param>
/// <param name="isAdmin">Whether the configuration names them among the administrators.</param>
/// <param name="expiresAt">When it ends unless it is used.</param>
public sealed class Session(string id, KnownUser user, bool isAdmin, DateTimeOffset expiresAt)
{
    private volatile bool _isOver;

    public string Id { get; } = id;

    public KnownUser User { get; } = user;

    public bool IsAdmin { get; } = isAdmin;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>False once the session has ended, or another object stands for it: then it has to be found again.</summary>
    public bool IsCurrent => !_isOver;

    /// <summary>What the client last polled with: one text a session is remembered, however many it sends.</summary>
    public string? PolledWith { get; set; }

    public void Retire() => _isOver = true;
}

public static class SessionOnRequest
{
    /// <summary>Who makes this request.</summary>
    /// <exception cref="InvalidOperationException">The call takes anonymous requests, and this is one.</exception>
    public static Session Caller(this HttpContext context) => context.Features.GetRequiredFeature<Session>();
}
