using System.Data.Common;
using System.Diagnostics;
using System.Globalization;

namespace SampleIm.Api.Storage;

/// <summary>
/// A <see cref="RowStatement"/> on one connection. Goes straight to the driver: looking each name up among all others, as Dapper
/// does, takes longer than the statement. Values are given in the same order each time.
/// </summary>
public sealed class RowCommand(DbConnection connection, string text, bool isKept) : IAsyncDisposable
{
    private readonly DbCommand _command = CreateCommand(connection, text);
    private int _given;
    private bool _isPrepared;

    /// <summary>To be run in this transaction, with values of its own.</summary>
    public RowCommand In(DbTransaction transaction)
    {
        _command.Transaction = transaction;
        _given = 0;
        return this;
    }

    /// <summary>The next value, of the parameter with this name, which begins with @.</summary>
    public void AddParameter(string name, object? value)
    {
        if (_given == _command.Parameters.Count)
        {
            var parameter = _command.CreateParameter();
            parameter.ParameterName = name;
            _command.Parameters.Add(parameter);
        }

        _command.Parameters[_given].Value = value ?? DBNull.Value;
        _given++;
    }

    /// <summary>
    /// The same for a parameter of one row. Its name is put together the first time only: it is the same each time.
    /// </summary>
    public void AddParameter(string name, int row, object? value) =>
        AddParameter(_given < _command.Parameters.Count ? "" : name + row.ToString(CultureInfo.InvariantCulture), value);

    /// <summary>Answers how many rows were found.</summary>
    public async Task<int> ExecuteAsync()
    {
        await PrepareAsync();
        return await _command.ExecuteNonQueryAsync();
    }

    public async Task<DbDataReader> ReadAsync()
    {
        await PrepareAsync();
        return await _command.ExecuteReaderAsync();
    }

    public ValueTask DisposeAsync() => isKept ? ValueTask.CompletedTask : _command.DisposeAsync();

    /// <summary>Once the parameters are there: a driver may want to know them.</summary>
    private async Task PrepareAsync()
    {
        Debug.Assert(_given == _command.Parameters.Count, "A value that was not given is that of the last time.");
        if (isKept && !_isPrepared)
        {
            await _command.PrepareAsync();
            _isPrepared = true;
        }
    }

    private static DbCommand CreateCommand(DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }
}
