using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SampleIm.Tests.Running;
using Swashbuckle.AspNetCore.Swagger;

namespace SampleIm.Tests.Hosting.OpenApi;

/// <summary>The description and Swagger UI are there for everybody: each costs the server what a file costs.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
[DoNotParallelize]
public sealed class SwaggerPageTests
{
    private const string Description = "/swagger/v1/swagger.json";
    private const string Bundle = "/swagger/swagger-ui-bundle.js";

    [TestMethod]
    public async Task Description_IsMadeOnce()
    {
        var maker = new CountedMaker();
        using var app = new SampleImApp(replace: services =>
        {
            var own = services.Last(service => service.ServiceType == typeof(ISwaggerProvider));
            services.AddTransient<ISwaggerProvider>(provider =>
            {
                maker.Count++;
                var made = own.ImplementationFactory?.Invoke(provider);
                return (ISwaggerProvider)(made ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!));
            });
        });
        for (var time = 0; time < 20; time++)
        {
            (await app.Anonymous().GetAsync(Description)).ShouldBe(200);
        }

        Assert.AreEqual(1, maker.Count);
    }

    [TestMethod]
    public async Task Description_NamesTheServerWhereverItIsReadFrom()
    {
        using var app = new SampleImApp();
        Assert.AreEqual("/",
            (await app.Anonymous().GetAsync(Description)).Element.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [TestMethod]
    [DataRow(Description)]
    [DataRow(Bundle)]
    [DataRow("/swagger/swagger-ui.css")]
    public async Task Files_ComeCompressed_AndNotAgainWhereTheyAreKnown(string path)
    {
        using var app = new SampleImApp();
        using var client = new HttpClient { BaseAddress = app.Address };
        using var plain = await client.GetAsync(path);
        var bytes = await plain.Content.ReadAsByteArrayAsync();
        Assert.AreEqual("", string.Join(',', plain.Content.Headers.ContentEncoding));

        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Encoding", "gzip, br" } } };
        using var compressed = await client.SendAsync(request);
        Assert.AreEqual("gzip", compressed.Content.Headers.ContentEncoding.Single());
        await using var gzip = new GZipStream(await compressed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await gzip.CopyToAsync(unpacked);
        CollectionAssert.AreEqual(bytes, unpacked.ToArray());
        Assert.AreNotEqual(plain.Headers.ETag, compressed.Headers.ETag);

        foreach (var etag in new[] { plain.Headers.ETag!.ToString(), compressed.Headers.ETag!.ToString(),
            "W/" + plain.Headers.ETag, "*" })
        {
            Assert.AreEqual(304, (await app.Anonymous().GetAsync(path, etag)).Status, etag);
        }

        foreach (var answer in new[] { plain, compressed })
        {
            Assert.AreEqual("Accept-Encoding", answer.Headers.Vary.Single());
        }

        var head = await app.Anonymous().AskAsync(HttpMethod.Head, path, null);
        Assert.AreEqual((200, "", (long?)bytes.Length), (head.Status, head.Body, head.Response.Content.Headers.ContentLength));
    }

    [TestMethod]
    public async Task Pages_AreNotThere_WhereTheyAreSwitchedOff()
    {
        using var app = new SampleImApp(new() { ["Swagger:Enabled"] = "false" });
        using var client = new HttpClient { BaseAddress = app.Address };
        foreach (var path in new[] { "/swagger", "/swagger/index.html", Description, Bundle })
        {
            Assert.AreEqual(HttpStatusCode.Unauthorized, (await client.GetAsync(path)).StatusCode, path);
        }
    }

    /// <summary>Each asks for the bundle, which has 1.7 MB, or half a megabyte compressed, and reads none of it.</summary>
    [TestMethod]
    [DataRow("identity")]
    [DataRow("gzip")]
    public async Task Readers_WhoDoNotRead_HoldLittleMemory(string encoding)
    {
        const int Readers = 200;
        const long MostBytesEach = 200 * 1024;
        var folder = TestMachine.MakeFolder();
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            var readers = new List<RawConnection>();
            async Task ReadAsync(int count)
            {
                for (var reader = 0; reader < count; reader++)
                {
                    readers.Add(await RawConnection.OpenAsync(server.Address));
                    await readers[^1].WriteAsync(
                        $"GET {Bundle} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAccept-Encoding: {encoding}\r\n\r\n");
                    await readers[^1].ReadUntilAsync("HTTP/1.1 200 OK");
                }
            }

            await ReadAsync(5);
            var before = ResidentBytes(server.Id);
            await ReadAsync(Readers);
            var held = ResidentBytes(server.Id) - before;
            readers.ForEach(reader => reader.Dispose());
            Assert.IsLessThan(MostBytesEach * Readers, held, $"{held / Readers} bytes each");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static long ResidentBytes(int process)
    {
        using var server = System.Diagnostics.Process.GetProcessById(process);
        return server.WorkingSet64;
    }

    private sealed class CountedMaker
    {
        public int Count { get; set; }
    }
}
