using System.Diagnostics.Metrics;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>What the process takes of the machine.</summary>
public static class ProcessMetrics
{
    public static void AddTo(Instruments instruments)
    {
        instruments.AddGauge("sampleim.process.memory", "By", "Resident memory", () => Environment.WorkingSet);
        instruments.AddCounter("sampleim.process.cpu", "s", "Processor time", () => [new(Environment.CpuUsage.TotalTime.TotalSeconds)]);
        instruments.AddGauge("sampleim.gc.heap", "By", "Managed memory in use", () => GC.GetTotalMemory(forceFullCollection: false));
        instruments.AddCounter("sampleim.gc.allocated", "By", "Managed memory that was asked for", () => [new(GC.GetTotalAllocatedBytes())]);
        instruments.AddCounter("sampleim.gc.pause", "s", "Time for which collections have stopped everything", () => [new(GC.GetTotalPauseDuration().TotalSeconds)]);
        instruments.AddCounter("sampleim.gc.collections", "{collection}", "Collections by generation", () => Enumerable.Range(0, GC.MaxGeneration + 1)
            .Select(generation => new Measurement<double>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", $"{generation}"))));
    }
}
