namespace SampleIm.Api.Hosting.Addresses;

/// <summary>Where a page comes from: scheme, host and port. The same host by http is another origin than by https.</summary>
public static class WebOrigin
{
    /// <returns>
    /// As a browser writes it: scheme and host in lower case, names in Punycode, no port that goes without saying. Null for what
    /// is no address of the web, such as the <c>null</c> of a page that has no origin.
    /// </returns>
    public static string? Of(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? $"{uri.Scheme}://{HostOf(uri)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}"
            : null;

    /// <summary>Only <see cref="Uri.Host"/> has the brackets of IPv6, and only <see cref="Uri.IdnHost"/> the Punycode.</summary>
    private static string HostOf(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
}
