using System.Collections.Frozen;

namespace SampleIm.Api.Hosting.Problems;

/// <summary>
/// Every machine-readable <c>code</c> that an error answer can carry, with its status and title. Clients branch on the
/// code, never on the text; a code never changes its meaning.
/// </summary>
public static class ProblemCodes
{
    public const string RequestMalformed = "request.malformed";
    public const string RequestInvalid = "request.invalid";
    public const string RequestHostUnknown = "request.hostUnknown";
    public const string RequestUnknownParameter = "request.unknownParameter";
    public const string RequestUnknownPath = "request.unknownPath";
    public const string RequestMethodNotAllowed = "request.methodNotAllowed";
    public const string RequestUnsupportedMediaType = "request.unsupportedMediaType";
    public const string RequestTooLarge = "request.tooLarge";
    public const string RequestCrossSite = "request.crossSite";
    public const string RequestRateLimited = "request.rateLimited";
    public const string RequestTimeout = "request.timeout";
    public const string RequestPreconditionFailed = "request.preconditionFailed";
    public const string RequestRangeNotSatisfiable = "request.rangeNotSatisfiable";

    public const string AccountSignInRequired = "account.signInRequired";
    public const string AccountUsernameInvalid = "account.usernameInvalid";
    public const string AccountUsernameTaken = "account.usernameTaken";
    public const string AccountPasswordWeak = "account.passwordWeak";
    public const string AccountDisplayNameInvalid = "account.displayNameInvalid";
    public const string AccountEmailInvalid = "account.emailInvalid";
    public const string AccountBioTooLong = "account.bioTooLong";
    public const string AccountBioInvalid = "account.bioInvalid";
    public const string AccountBadCredentials = "account.badCredentials";
    public const string AccountLocked = "account.locked";
    public const string AccountWrongPassword = "account.wrongPassword";
    public const string AccountRefreshInvalid = "account.refreshInvalid";
    public const string AccountNotAdministrator = "account.notAdministrator";

    public const string UserUnknown = "user.unknown";

    public const string ConversationUnknown = "conversation.unknown";
    public const string ConversationNotMember = "conversation.notMember";

    public const string MessageEmpty = "message.empty";
    public const string MessageTooLong = "message.tooLong";
    public const string MessageClientIdInvalid = "message.clientIdInvalid";
    public const string MessageClientIdReused = "message.clientIdReused";
    public const string MessageUnknown = "message.unknown";
    public const string MessageNotOwn = "message.notOwn";
    public const string MessageNotText = "message.notText";
    public const string MessageRecalled = "message.recalled";

    public const string ImageUnsupported = "image.unsupported";
    public const string ImageTooLarge = "image.tooLarge";
    public const string ImageInvalid = "image.invalid";
    public const string ImageUnknown = "image.unknown";
    public const string ImageAlreadySent = "image.alreadySent";
    public const string ImageQuotaExceeded = "image.quotaExceeded";
    public const string ImageTooManyUploads = "image.tooManyUploads";
    public const string MediaUnknown = "media.unknown";

    public const string StorageUnavailable = "storage.unavailable";
    public const string ServerStopping = "server.stopping";
    public const string StorageFull = "storage.full";
    public const string ServerError = "server.error";

    private static readonly FrozenDictionary<string, ProblemKind> s_kinds = new ProblemKind[]
    {
        new(RequestMalformed, 400, "The request could not be read"),
        new(RequestInvalid, 400, "The request is invalid"),
        new(RequestHostUnknown, 400, "This server is not known by that host name"),
        new(RequestUnknownParameter, 400, "This call has no such query parameter"),
        new(RequestUnknownPath, 404, "There is nothing at this path"),
        new(RequestMethodNotAllowed, 405, "This path does not take this method"),
        new(RequestUnsupportedMediaType, 415, "The body is of a type that this call does not take"),
        new(RequestTooLarge, 413, "The body is too large"),
        new(RequestCrossSite, 403, "A request from another site is refused"),
        new(RequestRateLimited, 429, "Too many requests"),
        new(RequestTimeout, 408, "The body came too slowly"),
        new(RequestPreconditionFailed, 412, "The condition of the request does not hold"),
        new(RequestRangeNotSatisfiable, 416, "The part that was asked for is not there"),
        new(AccountSignInRequired, 401, "Sign in first"),
        new(AccountUsernameInvalid, 400, "The username is invalid"),
        new(AccountUsernameTaken, 409, "The username is taken"),
        new(AccountPasswordWeak, 400, "The password is too weak"),
        new(AccountDisplayNameInvalid, 400, "The display name is invalid"),
        new(AccountEmailInvalid, 400, "The e-mail address is invalid"),
        new(AccountBioTooLong, 400, "The bio is too long"),
        new(AccountBioInvalid, 400, "The bio is invalid"),
        new(AccountBadCredentials, 401, "The username or the password is wrong"),
        new(AccountLocked, 429, "The account is locked for a while"),
        new(AccountWrongPassword, 400, "The current password is wrong"),
        new(AccountRefreshInvalid, 401, "The refresh token is invalid or has expired"),
        new(AccountNotAdministrator, 403, "Only an administrator may do this"),
        new(UserUnknown, 404, "There is no such user"),
        new(ConversationUnknown, 404, "There is no such conversation"),
        new(ConversationNotMember, 403, "You are not a member of this room"),
        new(MessageEmpty, 400, "The message is empty"),
        new(MessageTooLong, 400, "The message is too long"),
        new(MessageClientIdInvalid, 400, "The clientId is invalid"),
        new(MessageClientIdReused, 409, "The clientId was used for another message"),
        new(MessageUnknown, 404, "There is no such message"),
        new(MessageNotOwn, 403, "The message is somebody else's"),
        new(MessageNotText, 409, "Only a text message can be edited"),
        new(MessageRecalled, 409, "The message was recalled"),
        new(ImageUnsupported, 415, "The file is not an image that can be sent"),
        new(ImageTooLarge, 413, "The image is too large"),
        new(ImageInvalid, 400, "The image is damaged or has too many pixels"),
        new(ImageUnknown, 400, "There is no such image to send"),
        new(ImageAlreadySent, 409, "The image was sent before"),
        new(ImageQuotaExceeded, 413, "Your images take all the room that you have"),
        new(ImageTooManyUploads, 429, "Too many of your uploads are under way"),
        new(MediaUnknown, 404, "There is no such image"),
        new(StorageUnavailable, 503, "The database does not answer at the moment"),
        new(ServerStopping, 503, "The server is about to stop or to restart"),
        new(StorageFull, 507, "The server's disk is full"),
        new(ServerError, 500, "Something went wrong on the server"),
    }.ToFrozenDictionary(kind => kind.Code);

    /// <summary>All codes, in the order of their names.</summary>
    public static IEnumerable<ProblemKind> All => s_kinds.Values.OrderBy(kind => kind.Code, StringComparer.Ordinal);

    /// <summary>The status and title of a code.</summary>
    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static ProblemKind Kind(string code) => s_kinds[code];
}

/// <summary>What is the same in every answer with this code.</summary>
/// <param name="Code">Stable machine-readable code.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">One English sentence for a developer who reads the answer.</param>
public sealed record ProblemKind(string Code, int Status, string Title);
