using System.Data;
using System.Data.Common;
using Dapper;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Providers;
using SampleIm.Tests.Running;
using SampleIm.Tests.Storage.Plans;

namespace SampleIm.Tests.Storage;

/// <summary>A transaction that is declined and cannot be undone, because its connection broke just then.</summary>
[TestClass]
public sealed class FailedRollbackTests
{
    /// <summary>More than any pool here has connections.</summary>
    private const int Times = 20;

    private readonly TestDatabase _testDatabase = TestDatabase.Create();
    private readonly string _dataPath = TestMachine.MakeFolder();
    private BrokenDialect _dialect = null!;
    private Database _database = null!;

    [TestInitialize]
    public async Task Start()
    {
        _dialect = new BrokenDialect(_testDatabase.MakeDialect(_dataPath));
        _database = new Database(_dialect);
        await ExecuteAsync("CREATE TABLE numbers (number BIGINT)", isKept: true);
    }

    [TestCleanup]
    public void Stop()
    {
        _database.Dispose();
        _testDatabase.Dispose();
        Directory.Delete(_dataPath, recursive: true);
    }

    [TestMethod]
    public async Task ADeclinedTransaction_WhoseRollbackThrows_GivesItsConnectionBack()
    {
        _dialect.RollbackFails = true;
        for (var times = 0; times < Times; times++)
        {
            await Assert.ThrowsExactlyAsync<InvalidOperationException>(
                () => ExecuteAsync("INSERT INTO numbers VALUES (1)", isKept: false));
            Assert.AreEqual(0, _dialect.OpenConnections);
        }

        _dialect.RollbackFails = false;
        await ExecuteAsync("INSERT INTO numbers VALUES (2)", isKept: true);
        Assert.AreEqual("2", string.Join(' ',
            await _database.ReadAsync(connection => connection.QueryAsync<long>("SELECT number FROM numbers"),
            CancellationToken.None)));
    }

    [TestMethod]
    public async Task AFailedTransaction_WhoseRollbackThrowsToo_GivesItsConnectionBack()
    {
        _dialect.RollbackFails = true;
        for (var times = 0; times < Times; times++)
        {
            await Assert.ThrowsAsync<Exception>(
                () => ExecuteAsync("INSERT INTO numbers VALUES (1), ('no statement", isKept: true));
            Assert.AreEqual(0, _dialect.OpenConnections);
        }

        _dialect.RollbackFails = false;
        await ExecuteAsync("INSERT INTO numbers VALUES (2)", isKept: true);
    }

    private Task<int> ExecuteAsync(string statement, bool isKept) => _database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(statement, transaction: transaction), CancellationToken.None,
            _ => isKept);

    /// <summary>A database that counts the connections which are open for writing, and can be unable to undo.</summary>
    private sealed class BrokenDialect(Dialect inner) : PassingDialect(inner)
    {
        private int _open;

        public bool RollbackFails { get; set; }

        public int OpenConnections => Volatile.Read(ref _open);

        public override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
        {
            var connection = await base.OpenAsync(cancellation);
            Interlocked.Increment(ref _open);
            return new BrokenConnection(connection, this);
        }

        public override async Task CommitAsync(DbTransaction transaction)
        {
            await base.CommitAsync(((RecordingTransaction)transaction).Inner);
            ((BrokenTransaction)transaction).IsCommitted = true;
        }

        public void Closed() => Interlocked.Decrement(ref _open);
    }

    private sealed class BrokenConnection(DbConnection inner, BrokenDialect dialect) : RecordingConnection(inner, _ => { })
    {
        private readonly DbConnection _inner = inner;
        private bool _isClosed;

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
            new BrokenTransaction(_inner.BeginTransaction(isolationLevel), this, dialect);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_isClosed)
            {
                _isClosed = true;
                dialect.Closed();
            }

            base.Dispose(disposing);
        }
    }

    private sealed class BrokenTransaction(DbTransaction inner, BrokenConnection connection, BrokenDialect dialect)
        : RecordingTransaction(inner, connection)
    {
        public bool IsCommitted { get; set; }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (dialect.RollbackFails && !IsCommitted)
            {
                throw new InvalidOperationException("The connection is lost.");
            }
        }
    }
}
