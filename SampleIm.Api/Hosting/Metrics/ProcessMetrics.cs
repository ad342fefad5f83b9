using System.Diagnostics.Metrics;

namespace SampleIm.Api.Hosting.Metrics;

/// <summary>What the process takes of the machine.</summary>
public static class ProcessMetrics
{
    public static void AddTo(Meter meter)
    {
        meter.CreateObservableGauge("sampleim.process.memory", () => Environment.WorkingSet, "By", "Resident memory");
        meter.CreateObservableCounter(
            "sampleim.process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time");
        meter.CreateObservableGauge(
            "sampleim.gc.heap", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Managed memory in use");
        meter.CreateObservableCounter(
            "sampleim.gc.allocated", () => GC.GetTotalAllocatedBytes(), "By", "Managed memory that was asked for");
        meter.CreateObservableCounter(
            "sampleim.gc.pause", () => GC.GetTotalPauseDuration().TotalSeconds, "s",
            "Time for which collections have stopped everything");
        meter.CreateObservableCounter("sampleim.gc.collections", ReadCollections, "{collection}", "Collections by generation");
    }

    private static IEnumerable<Measurement<long>> ReadCollections() => Enumerable.Range(0, GC.MaxGeneration + 1)
        .Select(generation => new Measurement<long>(
            GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", $"{generation}")));
}
