
namespace SampleIm.Api.Storage;

/// <summary>A unique index refused a row: the outcome that "constraint first" statements wait for.</summary>
/// <param name="constraint">The index, or its columns, as the database names them; never a value of the row.</param>
/// <param name="fault">The driver's.</param>
public sealed class UniqueViolationException(string constraint, Exception fault) : Exception(fault.Message, fault)
{
    /// <summary>Whether this column had to be unique. Indexes are named after their columns.</summary>
    public bool Concerns(string column) => constraint.Contains(column, StringComparison.Ordinal);
}
