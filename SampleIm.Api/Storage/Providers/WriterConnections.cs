using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;

namespace SampleIm.Api.Storage.Providers;

/// <summary>
/// Connections that stay open from one write to the next: to open one, to set it up and to prepare its statements takes longer
/// than to write a message. One on which anything failed is closed, whatever it was.
/// </summary>
public sealed class WriterConnections(Dialect dialect) : IDisposable
{
    private readonly ConcurrentStack<DbConnection> _idle = new();
    private volatile bool _isDisposed;

    /// <summary>
    /// A transaction on a connection that nobody else uses. Ends with <see cref="KeepAsync"/> or <see cref="CloseAsync"/>.
    /// </summary>
    public async Task<DbTransaction> BeginAsync()
    {
        while (_idle.TryPop(out var kept))
        {
            try
            {
                return await kept.BeginTransactionAsync(dialect.WriteIsolation, CancellationToken.None);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Closed by the server while it was idle: a new one shows whether the server is there.
                var isLost = kept.State != ConnectionState.Open;
                await kept.DisposeAsync();
                if (!isLost)
                {
                    throw;
                }
            }
        }

        return await BeginAsync(await dialect.OpenAsync(CancellationToken.None));
    }

    /// <summary>Everything went well: undoes what is not committed, and the connection waits for the next write.</summary>
    public async Task KeepAsync(DbConnection connection, DbTransaction transaction)
    {
        if (_idle.Count >= dialect.KeptWriters)
        {
            await CloseAsync(connection, transaction);
            return;
        }

        var isUndone = false;
        try
        {
            await transaction.DisposeAsync();
            isUndone = true;
        }
        finally
        {
            // One that cannot undo is no good to the next write, and not closed it would be missing in the pool for good.
            if (!isUndone)
            {
                await connection.DisposeAsync();
            }
        }

        _idle.Push(connection);
        if (_isDisposed)
        {
            CloseIdle();
        }
    }

    /// <summary>Undoes what is not committed.</summary>
    public static async Task CloseAsync(DbConnection connection, DbTransaction transaction)
    {
        await using (connection)
        {
            await transaction.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        CloseIdle();
    }

    /// <summary>Closes a connection that cannot begin.</summary>
    private async Task<DbTransaction> BeginAsync(DbConnection connection)
    {
        DbTransaction? begun = null;
        try
        {
            begun = await connection.BeginTransactionAsync(dialect.WriteIsolation, CancellationToken.None);
            return begun;
        }
        finally
        {
            if (begun is null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var connection))
        {
            connection.Dispose();
        }
    }
}
