using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Brickwork.Kernels.Threading;

/// <summary>Threads that share the chunks of one job at a time.</summary>
/// <remarks>
/// The caller works too, and whoever is free takes the next chunk, so a thread that the system holds back delays only the chunk it has.
/// A Run inside a Run, or while another thread runs a job, works through its chunks alone.
/// </remarks>
sealed class ThreadTeam : IDisposable
{
    // Long enough to bridge the gap between two products of a layer, far below a scheduler's time slice.
    static readonly long SpinTicks = Stopwatch.Frequency * 20 / 1_000_000;

    readonly object _workerGate = new();
    readonly object _callerGate = new();
    readonly object _restGate = new();
    readonly bool _spins;
    readonly Thread[] _workers;
    JobBox? _box;                   // kept between runs: one type of job tends to come again and again
    readonly Dictionary<Type, JobBox> _boxes = [];
    ExceptionDispatchInfo? _fault;
    bool _callerParked;
    int _parkedWorkers;
    int _count;
    int _unfinished;
    int _busy;
    bool _started;
    volatile int _limit;
    volatile bool _stopping;

    // High half: number of the run; low half: chunks not yet taken. One word, so that a worker that slept through
    // a whole run can never take a chunk of the wrong one.
    long _ticket;

    /// <param name="threads">How many threads work, the caller's included; at least 1.</param>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = _limit = threads;
        _spins = threads <= Environment.ProcessorCount;
        _workers = new Thread[threads - 1];
    }

    /// <summary>How many threads there are, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>How many of them work, 1 … <see cref="Threads"/>; the others sleep.</summary>
    public int Limit
    {
        get => _limit;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            var limit = Math.Min(value, Threads);
            var rises = limit > _limit;
            _limit = limit;
            if (rises && _started)
                lock (_restGate)
                    Monitor.PulseAll(_restGate);
        }
    }

    /// <summary>
    /// Runs chunks 0 … count−1 and returns when all are done. The first exception of a chunk is thrown here; the rest is skipped.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The team was disposed.</exception>
    public void Run<TJob>(int count, in TJob job) where TJob : struct, IParallelJob
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (count <= 1 || _limit == 1 || Interlocked.Exchange(ref _busy, 1) != 0)
        {
            RunAlone(count, job);
            return;
        }
        try
        {
            RunTogether(count, BoxFor(job));
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    public void Dispose()
    {
        lock (_workerGate)
        {
            _stopping = true;
            Monitor.PulseAll(_workerGate);
        }
        lock (_restGate)
            Monitor.PulseAll(_restGate);
        foreach (var worker in _workers)
            if (worker is not null && worker != Thread.CurrentThread)
                worker.Join();
    }

    static void RunAlone<TJob>(int count, TJob job) where TJob : struct, IParallelJob
    {
        for (var chunk = 0; chunk < count; chunk++)
            job.Run(chunk);
    }

    void RunTogether(int count, JobBox box)
    {
        if (!_started)
            Start();
        _fault = null;
        _count = count;
        _unfinished = count;
        var run = (_ticket >> 32) + 1;
        Interlocked.Exchange(ref _ticket, run << 32 | (uint)count);
        if (Volatile.Read(ref _parkedWorkers) > 0)
            lock (_workerGate)
                Monitor.PulseAll(_workerGate);

        WorkOff();
        WaitForOthers();
        box.Clear();
        _fault?.Throw();
    }

    JobBox<TJob> BoxFor<TJob>(in TJob job) where TJob : struct, IParallelJob
    {
        if (_box is not JobBox<TJob> box)
        {
            if (!_boxes.TryGetValue(typeof(TJob), out var found))
                _boxes.Add(typeof(TJob), found = new JobBox<TJob>());
            box = (JobBox<TJob>)found;
            _box = box;
        }
        box.Job = job;
        return box;
    }

    void Start()
    {
        for (var index = 0; index < _workers.Length; index++)
        {
            var number = index + 1;
            _workers[index] = new Thread(() => Serve(number)) { IsBackground = true, Name = $"Brickwork {number}" };
            _workers[index].Start();
        }
        _started = true;
    }

    /// <summary>A worker's life: work, look out for more for a moment, sleep.</summary>
    void Serve(int number)
    {
        while (!_stopping)
        {
            if (number >= _limit)
            {
                Rest(number);
                continue;
            }
            WorkOff();
            if (!SpinUntil(static team => (uint)Volatile.Read(ref team._ticket) != 0 || team._stopping))
                Park();
        }
    }

    void Park()
    {
        lock (_workerGate)
        {
            // The caller first shows the ticket and then counts the parked; we count ourselves and then look: one of us sees the other.
            Interlocked.Increment(ref _parkedWorkers);
            if ((uint)Interlocked.Read(ref _ticket) == 0 && !_stopping)
                Monitor.Wait(_workerGate);
            Interlocked.Decrement(ref _parkedWorkers);
        }
    }

    /// <summary>Sleeps where no run wakes it, until the limit rises.</summary>
    void Rest(int number)
    {
        lock (_restGate)
            while (number >= _limit && !_stopping)
                Monitor.Wait(_restGate);
    }

    /// <summary>Takes chunks until there are none left to take.</summary>
    void WorkOff()
    {
        while (true)
        {
            var ticket = Volatile.Read(ref _ticket);
            var left = (int)(uint)ticket;
            if (left == 0)
                return;
            if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket)
                continue;
            // From here to Finish the run cannot end, so its fields stand still.
            if (Volatile.Read(ref _fault) is null)
                RunChunk(_count - left);
            if (Interlocked.Decrement(ref _unfinished) == 0)
                WakeCaller();
        }
    }

    void RunChunk(int chunk)
    {
        try
        {
            _box!.Run(chunk);
        }
#pragma warning disable CA1031 // Whatever a chunk throws belongs to the caller of Run, not to this thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    void WaitForOthers()
    {
        if (SpinUntil(static team => Volatile.Read(ref team._unfinished) == 0))
            return;
        lock (_callerGate)
        {
            Volatile.Write(ref _callerParked, true);
            Interlocked.MemoryBarrier();
            while (Volatile.Read(ref _unfinished) != 0)
                Monitor.Wait(_callerGate);
            _callerParked = false;
        }
    }

    void WakeCaller()
    {
        if (Volatile.Read(ref _callerParked))
            lock (_callerGate)
                Monitor.PulseAll(_callerGate);
    }

    bool SpinUntil(Func<ThreadTeam, bool> done)
    {
        if (done(this))
            return true;
        if (!_spins)
            return false;
        var end = Stopwatch.GetTimestamp() + SpinTicks;
        while (Stopwatch.GetTimestamp() < end)
        {
            Thread.SpinWait(4);
            if (done(this))
                return true;
        }
        return false;
    }

    /// <summary>A job where workers that do not know its type can run it.</summary>
    abstract class JobBox
    {
        public abstract void Run(int chunk);

        public abstract void Clear();
    }

    sealed class JobBox<TJob> : JobBox where TJob : struct, IParallelJob
    {
        public TJob Job;

        public override void Run(int chunk) => Job.Run(chunk);

        // A finished job must not keep tensors alive.
        public override void Clear() => Job = default;
    }
}
