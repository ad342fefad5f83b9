using System.Data.Common;

namespace SampleIm.Api.Storage;

/// <summary>A unique index refused a row: the outcome that "constraint first" statements wait for.</summary>
public sealed class UniqueViolationException(DbException fault) : Exception(fault.Message, fault)
{
    /// <summary>Whether the column is one of those that had to be unique. Both databases name them, or the index after them, in the text.</summary>
    public bool Concerns(string column) => Message.Contains(column, StringComparison.Ordinal);
}
