using SampleIm.Api.Chat.Conversations;
using SampleIm.Api.People.Accounts;


namespace SampleIm.Api.Chat.Total;

/// <summary>Everything that a client has to know to decide what to fetch.</summary>
/// <param name="Me" example="alice">The caller's username.</param>
/// <param name="Online">Who is online, in the order of arrival; the caller too, where there was a place.</param>
/// <param name="OnlineFull" example="false">
/// Whether all places are taken: a newcomer can chat, but is listed only when one is free.
/// </param>
/// <param name="Conversations">
/// Rooms that the caller is in and direct conversations with at least one message, latest first, at most 200: where there are
/// more, unread ones are listed before others.
/// </param>
public sealed record TotalResponse(
    string Me, IReadOnlyList<UserSummary> Online, bool OnlineFull, IReadOnlyList<ConversationResponse> Conversations);
