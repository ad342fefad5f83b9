using System.Collections.Concurrent;

namespace SampleIm.Api.Storage.Providers;

/// <summary>
/// Threads for work that blocks. On the thread pool such work would take the threads that everything else answers on, and
/// the pool adds new ones only slowly. Bounded: what finds no place in line is refused at once.
/// </summary>
public sealed class WorkerThreads : IDisposable
{
    private const int LongestLine = 1000;

    private readonly BlockingCollection<Action> _line = new(LongestLine);

    public WorkerThreads(int count, string name)
    {
        for (var index = 0; index < count; index++)
        {
            new Thread(Work) { IsBackground = true, Name = $"{name} {index}" }.Start();
        }
    }

    /// <summary>Runs the work on one of the threads. Once begun it is finished, whether or not the caller still waits.</summary>
    /// <exception cref="OperationCanceledException">
    /// The caller no longer waits; work that was not begun never will be.
    /// </exception>
    /// <exception cref="StorageUnavailableException">The line is full.</exception>
    /// <param name="work">What is to be done.</param>
    /// <param name="cancellation">The caller's patience.</param>
    /// <param name="dropped">Called instead of the work where it is never begun.</param>
    public Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation, Action? dropped = null)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_line.TryAdd(() => Run(work, answer, dropped, cancellation)))
        {
            return answer.Task.WaitAsync(cancellation);
        }

        dropped?.Invoke();
        throw new StorageUnavailableException("Too many requests wait for the database.");
    }

    public void Dispose() => _line.CompleteAdding();

    private static void Run<T>(
        Func<Task<T>> work, TaskCompletionSource<T> answer, Action? dropped, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            dropped?.Invoke();
            answer.TrySetCanceled(cancellation);
            return;
        }

        var running = work();
        // The drivers do not return before they are done; one that does is waited for here, where waiting harms nobody.
        Task.WaitAny([running], CancellationToken.None);
        answer.TrySetFromTask(running);
    }

    private void Work()
    {
        foreach (var job in _line.GetConsumingEnumerable())
        {
            job();
        }
    }
}
