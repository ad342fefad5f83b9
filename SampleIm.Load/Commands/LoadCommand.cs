using System.CommandLine;
using SampleIm.Load.Chat.Chatting;
using SampleIm.Load.Chat.Polling;
using SampleIm.Load.Chat.Reading;
using SampleIm.Load.Chat.Sending;
using SampleIm.Load.Faults;
using SampleIm.Load.Hosting.Limit;
using SampleIm.Load.Storage.Disk;

namespace SampleIm.Load.Commands;

/// <summary>The program's commands.</summary>
public static class LoadCommand
{
    public static RootCommand Create() => new("""
        Puts load on a running SampleIm server and reports what it did. Everything stays on this machine and ends by itself.
        Start the server with --RateLimits:Enabled=false, or it rightly refuses so much from one address.

        What the words mean:
          open loop    Requests are due by the clock, whether or not the one before is answered, and a latency counts from
                       when its request was due. A slow server so shows its slowness, and does not get less to do by it.
          closed loop  Each sender sends when it has its answer: shows how much goes at most, not how long people wait.
          spread       User 1 of 1000 asks 1 ms after user 0, and so on: all are even over the second. Many people are; a burst
                       in step would measure itself.
          late         How long after it was due the generator sent a request. This is part of the latencies and not the server's
                       fault; where it is large the figures are worth nothing, and the program says so.
          audit        What the server acknowledged is read back: each message is there exactly once, under its number, in order,
                       without a gap, with its text. Anything else is named. Run it where nobody edits or recalls meanwhile.
          accounts     Users whose names begin with load-. They stay on the server. --accounts keeps them for the next run.

        Exit code: 0 where all is well; 1 where the run could not be made; 2 where it found errors, lost messages or a missed bar.
        """)
    {
        PollCommand.Create(),
        SendCommand.Create(),
        ChatCommand.Create(),
        LimitCommand.Create(),
        ReadCommand.Create(),
        DiskCommand.Create(),
        FaultsCommand.Create(),
    };
}
