using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SampleIm.Tests.Running;

/// <summary>A line of the program's log.</summary>
/// <param name="Category">Which part of the program, or of the framework, wrote it.</param>
/// <param name="Level">How grave it is.</param>
/// <param name="Text">The message, and below it the fault with all that is known of it.</param>
/// <param name="Fields">The values in it by name, as a structured log keeps them.</param>
public sealed record LogLine(string Category, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields)
{
    /// <summary>Everything of it that some log might write.</summary>
    public override string ToString() => $"{Level} {Category} {Text} {string.Join(' ', Fields)}";
}

/// <summary>Keeps what the program logs, scopes included.</summary>
public sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private IExternalScopeProvider? _scopes;

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    public IReadOnlyList<LogLine> Of(string category) => [.. _lines.Where(line => line.Category == category)];

    /// <summary>The first line of this kind. A request is logged after it was answered, so it may be about to come.</summary>
    public async Task<LogLine> FindAsync(Func<LogLine, bool> isIt)
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            if (_lines.FirstOrDefault(isIt) is { } line)
            {
                return line;
            }

            await Task.Delay(10);
        }

        throw new AssertFailedException($"There is no such line among these:\n{string.Join('\n', _lines)}");
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // The lines are for the test that comes after.
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = new Dictionary<string, object?>();
            Add(fields, state);
            log._scopes?.ForEachScope((scope, into) => Add(into, scope), fields);
            log._lines.Enqueue(new LogLine(category, logLevel, $"{formatter(state, exception)}\n{exception}".TrimEnd(), fields));
        }

        private static void Add(Dictionary<string, object?> fields, object? state)
        {
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                foreach (var (name, value) in values)
                {
                    fields[name] = value;
                }
            }
        }
    }
}
