using System.Text.Json;
using SampleIm.Api.Hosting.Problems;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

/// <summary>What holds for the answer to any request whatever.</summary>
public static class AnswerRules
{
    /// <summary>With which the web server itself, without a body, refuses what is no HTTP or more than it reads.</summary>
    private static readonly int[] s_noHttp = [400, 405, 408, 411, 413, 414, 417, 431, 501, 505];

    /// <summary>Of the inside of the program nothing is told.</summary>
    private static readonly string[] s_inside = [
        "System.", "Microsoft.", "SampleIm.Api", "Exception", "   at ", "SQLite", "MySql", "/tmp/", "SELECT "];

    private static readonly Dictionary<string, int> s_codes = ProblemCodes.All.ToDictionary(
        kind => kind.Code, kind => kind.Status);

    /// <exception cref="AssertFailedException">A rule is broken.</exception>
    public static async Task CheckAsync(ForgedRequest request, RawAnswer? answer, DocumentedAnswers documented)
    {
        if (answer is null)
        {
            Assert.IsTrue(request.IsCut || request.MayBeNoHttp, "The server closed the connection and gave no answer.");
            return;
        }

        Assert.IsLessThan(500, answer.Status, answer.Text);
        if ((request.MayBeNoHttp || request.IsCut)
            && answer is { IsProblem: false, Body: [] }
            && s_noHttp.Contains(answer.Status))
        {
            return;
        }

        Assert.AreEqual("nosniff", answer.Headers.GetValueOrDefault("X-Content-Type-Options"));
        var code = request.Method == "HEAD" || answer.Status < 400 ? null : CodeOf(answer);
        if (!request.MayBeForAnother)
        {
            await documented.CheckAsync(request.Method, request.Path, answer.Status, code);
        }
    }

    private static string CodeOf(RawAnswer answer)
    {
        Assert.IsTrue(answer.IsProblem, $"{answer.Status} is no problem: {answer.Text}");
        Assert.IsFalse(s_inside.Any(part => answer.Text.Contains(part, StringComparison.Ordinal)), answer.Text);
        using var problem = JsonDocument.Parse(answer.Body);
        var code = problem.RootElement.GetProperty("code").GetString()!;
        Assert.AreEqual(
            (answer.Status, answer.Status), (s_codes[code], problem.RootElement.GetProperty("status").GetInt32()), answer.Text);
        Assert.AreNotEqual("", problem.RootElement.GetProperty("title").GetString());
        Assert.AreNotEqual("", problem.RootElement.GetProperty("detail").GetString());
        return code;
    }
}
