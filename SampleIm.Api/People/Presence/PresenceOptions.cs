using System.ComponentModel.DataAnnotations;

namespace SampleIm.Api.People.Presence;

/// <summary>Section <c>Presence</c>.</summary>
public sealed class PresenceOptions
{
    /// <summary>How long after the last request a user still counts as online.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many users the online list has places for.</summary>
    [Range(1, 10_000)]
    public int Capacity { get; set; } = 20;
}
