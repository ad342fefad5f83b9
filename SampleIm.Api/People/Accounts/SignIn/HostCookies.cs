using Microsoft.AspNetCore.Authentication.Cookies;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>
/// Under https a cookie's name begins with <c>__Host-</c>: a browser then takes it from this very host alone, over https, for all
/// paths, and a neighbour under the same domain cannot put one of its own in its place (RFC 6265bis, 4.1.3.2). Under http no
/// browser takes such a name.
/// </summary>
public sealed class HostCookies : ICookieManager
{
    public const string Prefix = "__Host-";

    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, NameOf(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameOf(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _cookies.DeleteCookie(context, NameOf(context, key), options);

    private static string NameOf(HttpContext context, string key) => context.Request.IsHttps ? Prefix + key : key;
}
