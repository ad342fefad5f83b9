using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace SampleIm.Api.People.Accounts.SignIn;

/// <summary>What a browser holds of somebody who has signed in there; it signs nobody in.</summary>
/// <param name="Name">Digest of the username's key.</param>
/// <param name="Id">Random: what attempts from this device are counted under.</param>
/// <param name="Stamp">Digest of the security stamp, so that a change of the password ends it.</param>
public sealed record KnownDevice(string Name, string Id, string Stamp)
{
    public bool IsOf(User user) => Name == DigestOf(KeyOf(user)) && Stamp == DigestOf(user.SecurityStamp);

    public static KnownDevice New(User user)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        return new(DigestOf(KeyOf(user)), id, DigestOf(user.SecurityStamp));
    }

    /// <summary>As it would be made of the name today: an account of an earlier release may be kept under another key.</summary>
    private static string KeyOf(User user) => AccountRules.KeyOf(user.Username) ?? user.UsernameKey;

    public static string DigestOf(string text) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
}

/// <summary>
/// A long-lived cookie that says who has signed in on this device. Their attempts are then counted for the device alone, so that
/// no stranger who guesses their password, from the same network or from many, keeps them out. Encrypted and signed like the
/// session's cookie. It holds a few people, for a device that they share.
/// </summary>
public sealed class DeviceCookie(IDataProtectionProvider protection)
{
    /// <summary>As it is under http; under https <see cref="HostCookies.Prefix"/> stands before it.</summary>
    public const string CookieName = "SampleIm.Device";

    /// <summary>The last ones who signed in: the cookie comes with each request and is kept short.</summary>
    private const int MostPeople = 5;

    /// <summary>As long as browsers keep any cookie; each sign-in begins it again.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(400);

    private readonly IDataProtector _protector = protection.CreateProtector("SampleIm.Api.Accounts.DeviceCookie");
    private readonly HostCookies _cookies = new();

    /// <summary>The number under which the last one who signed in on the device is counted; null where nobody has.</summary>
    public string? FirstId(HttpContext context) => Read(context) is [var first, ..] ? first.Id : null;

    /// <summary>What the device holds of the name; whether that still stands, <see cref="KnownDevice.IsOf"/> says.</summary>
    public KnownDevice? Find(HttpContext context, string nameKey)
    {
        var devices = Read(context);
        return devices.Count == 0 ? null : devices.Find(device => device.Name == KnownDevice.DigestOf(nameKey));
    }

    /// <summary>The user has proved to be it: gives the device a cookie that says so.</summary>
    public void Remember(HttpContext context, User user)
    {
        var others = Read(context);
        var device = others.Find(former => former.IsOf(user)) ?? KnownDevice.New(user);
        var devices = others.Where(other => other.Name != device.Name).Prepend(device).Take(MostPeople);
        var text = string.Join(' ', devices.Select(known => $"{known.Name}.{known.Id}.{known.Stamp}"));
        _cookies.AppendResponseCookie(context, CookieName, _protector.Protect(text), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = s_lifetime,
            Path = "/",
        });
    }

    private List<KnownDevice> Read(HttpContext context)
    {
        if (_cookies.GetRequestCookie(context, CookieName) is not { Length: > 0 } cookie)
        {
            return [];
        }

        try
        {
            return [.. _protector.Unprotect(cookie).Split(' ').Select(device => device.Split('.'))
                .Select(parts => new KnownDevice(parts[0], parts[1], parts[2]))];
        }
        catch (CryptographicException)
        {
            // Forged, or made with keys that are gone: then it says nothing.
            return [];
        }
    }
}
