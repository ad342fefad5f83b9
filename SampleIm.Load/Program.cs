using SampleIm.Load.Commands;


namespace SampleIm.Load;

internal static class LoadProgram
{
    private static Task<int> Main(string[] args)
    {
        // Answers are read on the thread that finds them, without a hop to another: this halves what a request costs here. It has
        // to be set before the first socket is made, and is not handed on to the bare server, which is measured as servers are.
        Environment.SetEnvironmentVariable(InlineCompletions, "1");
        return LoadCommand.Create().Parse(args).InvokeAsync();
    }

    internal const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
}
