using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SampleIm.Load.Hosting.Limit;

/// <summary>
/// The least that a web server can do: <c>GET /1500</c> answers 1500 bytes, <c>GET /0</c> answers 304. No routing, no middleware,
/// no logging. What a poll may cost is measured by it. <c>GET /metrics</c> tells what it has allocated, as the server does.
/// </summary>
public static class BareEndpoint
{
    public const string Announcement = "Bare endpoint at ";

    private const int LongestBody = 1 << 20;

    /// <summary>Serves until there is no more input: it ends with the process that started it.</summary>
    public static async Task<int> ServeAsync(int port, TextReader input, TextWriter output, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        await using var app = builder.Build();
        var body = new byte[LongestBody];
        body.AsSpan().Fill((byte)'x');
        app.Run(context => AnswerAsync(context, body));
        await app.StartAsync(cancel);
        await output.WriteLineAsync($"{Announcement}{app.Urls.First()}".AsMemory(), cancel);
        await output.FlushAsync(cancel);
        await input.ReadToEndAsync(cancel);
        return 0;
    }

    private static Task AnswerAsync(HttpContext context, byte[] body)
    {
        var response = context.Response;
        if (context.Request.Path == AllocatedBytes.Path)
        {
            return response.WriteAsync($"{AllocatedBytes.Metric} {GC.GetTotalAllocatedBytes()}\n");
        }

        var path = context.Request.Path.Value.AsSpan(1);
        if (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > body.Length)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (length == 0)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = length;
        return response.Body.WriteAsync(body, 0, length);
    }
}
