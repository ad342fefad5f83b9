using System.CommandLine;
using SampleIm.Load.Limit;
using SampleIm.Load.Polling;
using SampleIm.Load.Sending;

namespace SampleIm.Load.Commands;

/// <summary>The program's commands.</summary>
public static class LoadCommand
{
    public static RootCommand Create() => new("""
        Puts load on a running SampleIm server of this machine and reports what it did. Everything stays on this machine and ends by itself.
        """)
    {
        PollCommand.Create(),
        SendCommand.Create(),
        LimitCommand.Create(),
    };
}
