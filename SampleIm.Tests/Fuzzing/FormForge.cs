using System.Text;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

/// <summary>Forms with a picture in them, right or wrong in one place.</summary>
public static class FormForge
{
    private const string Boundary = "----a-boundary";

    public static void Put(ForgedRequest request, byte[] file)
    {
        request.SetHeader("Content-Type", $"multipart/form-data; boundary={Boundary}");
        request.Body = Form("form-data; name=\"file\"; filename=\"picture.png\"", "image/png", file);
    }

    public static void PutOdd(ForgedRequest request, Random random)
    {
        var file = random.Next(4) switch
        {
            0 => [],
            1 => JsonForge.Noise(random),
            2 => new byte[random.Next(100_000)],
            _ => Pictures.Png(3, 2),
        };
        Put(request, file);
        switch (random.Next(12))
        {
            case 0:
                request.Body = request.Body![..random.Next(request.Body.Length)];
                break;
            case 1:
                request.SetHeader("Content-Type", Pick(
                    random, "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
                    "multipart/form-data; boundary=other",
                    $"multipart/form-data; boundary={new string('b', 200)}", "multipart/mixed; boundary=" + Boundary,
                    $"multipart/form-data; boundary=\"{Boundary}\"",
                    $"multipart/form-data; boundary={Boundary}; boundary=b", "multipart/form-data; boundary=----a\tb",
                    "multipart/form-data;boundary*=utf-8''b", "image/png"));
                break;
            case 2:
                request.Body = Form(Pick(
                    random, "form-data", "form-data; name=file", "form-data; name=\"File\"", "form-data; name=\"picture\"",
                    "form-data; name=\"file\"; filename=\"../../x\"",
                    "form-data; name=\"file\"; filename=\"\"", "form-data; name*=utf-8''file", "form-data; name=\"file\"; "
                        + "name=\"other\"", "attachment; name=\"file\"",
                    "form-data; name=\"fi\0le\"", "form-data; name=\"file\"; filename*=UTF-8''%00", ";;;", "",
                    $"form-data; name=\"file\"; filename=\"{new string('x', 20_000)}\""), "image/png", file);
                break;
            case 3:
                request.Body = Form("form-data; name=\"file\"", OddTexts.Pick(random), file);
                break;
            case 4:
                // Other fields before the file, more or fewer than a form may have.
                request.Body = [
                    .. Enumerable.Repeat(
                        Part("form-data; name=\"other\"", "text/plain", new byte[random.Next(50)]),
                        random.Next(40)).SelectMany(part => part),
                    .. request.Body!];
                break;
            case 5:
                request.Body = [
                    .. Enumerable.Range(0, random.Next(30))
                    .SelectMany(line => Encoding.ASCII.GetBytes($"--{Boundary}\r\nX-{line}: y\r\n")),
                    .. request.Body!];
                break;
            case 6:
                request.Body = Encoding.Latin1.GetBytes(
                    Encoding.Latin1.GetString(request.Body!).Replace("\r\n", "\n", StringComparison.Ordinal));
                break;
            case 7:
                request.Body = [
                    .. Part("form-data; name=\"file\"", $"multipart/mixed; boundary={Boundary}", request.Body!),
                    .. request.Body!];
                break;
            case 8:
                request.Body = [.. JsonForge.Noise(random), .. "\r\n"u8, .. request.Body!];
                break;
            case 9:
                request.Body = [.. request.Body!, .. JsonForge.Noise(random)];
                break;
            case 10:
                request.Body = Encoding.ASCII.GetBytes($"--{Boundary}\r\n" + new string('x', 30_000));
                break;
            default:
                var at = random.Next(request.Body!.Length);
                request.Body = [.. request.Body[..at], (byte)random.Next(256), .. request.Body[at..]];
                break;
        }
    }

    private static byte[] Form(string disposition, string type, byte[] file) =>
        [.. Part(disposition, type, file), .. Encoding.ASCII.GetBytes($"--{Boundary}--\r\n")];

    private static byte[] Part(string disposition, string type, byte[] content) =>
        [.. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: {disposition}\r\nContent-Type: "
            + $"{type}\r\n\r\n"), .. content, .. "\r\n"u8];

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];
}
