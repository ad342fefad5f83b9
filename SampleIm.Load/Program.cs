using System.CommandLine;
using SampleIm.Load;

var root = new RootCommand("Puts load on a running SampleIm server and reports what it did. Everything stays on this machine and ends by itself.")
{
    SendCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
