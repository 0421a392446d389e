namespace Brickwork.Kernels.Threading;

/// <summary>Finds by trying how many threads a small step is worth, and goes on trying: other processes come and go.</summary>
/// <remarks>
/// A step is timed as a whole, because a thread that the system holds back shows nowhere else. The number of threads climbs or falls by
/// factors of two. A trial that was in vain doubles the time to the next. Results never depend on the choice.
/// </remarks>
sealed class ThreadPace
{
    /// <summary>Larger steps always get every thread: their chunks are many, so none of them waits long for another.</summary>
    public const int MostRows = 8;

    readonly int _threads;
    readonly Track[] _tracks = new Track[MostRows];

    /// <param name="threads">The most threads there are.</param>
    /// <param name="trialTicks">Ticks that a trial takes at least: longer than the slices in which the system gives out processors.</param>
    public ThreadPace(int threads, long trialTicks)
    {
        _threads = threads;
        for (var index = 0; index < MostRows; index++)
            _tracks[index] = new Track(threads, trialTicks);
    }

    /// <summary>How many threads the next step of that many rows should use.</summary>
    public int Choose(int rows) => rows <= MostRows && _threads > 1 ? _tracks[rows - 1].Threads : _threads;

    /// <summary>Tells how long the step took that <see cref="Choose"/> was asked about.</summary>
    public void Learn(int rows, long ticks)
    {
        if (rows <= MostRows && _threads > 1)
            _tracks[rows - 1].Learn(ticks);
    }

    /// <summary>What is known of steps of one size.</summary>
    sealed class Track
    {
        const int WarmUp = 2;           // these lay out weights and compile
        const int Settling = 12;        // steps before the first trial: the first ones are slower than the rest
        const int FewestSteps = 3;
        const int ShortestRest = 16;    // in the time of the trial
        const int LongestRest = 512;
        const int Proof = 4;            // a trial that looks good goes on so many times as long: the first slices may have been lucky
        const double Gain = 0.95;

        readonly int _most;
        readonly long _trialTicks;
        int _settled;
        int _seen = -WarmUp;
        double _mean;
        int _rest = ShortestRest;
        double _untilTrial;
        int _trial;                     // threads under trial; 0 = none
        int _trialSteps;
        double _trialSum;
        bool _climbs;
        bool _paid;

        public Track(int most, long trialTicks)
        {
            _most = _settled = most;
            _untilTrial = _trialTicks = trialTicks;
        }

        public int Threads => _trial > 0 ? _trial : _settled;

        public void Learn(long ticks)
        {
            if (_trial > 0)
                LearnTrial(ticks);
            else if (++_seen > 0)
            {
                // One slice of another process is part of the truth, but not all of it.
                _mean = _seen == 1 ? ticks : _mean + (Math.Min(ticks, 8 * _mean) - _mean) / (_seen <= Settling ? 2 : 16);
                _untilTrial -= ticks;
                if (_untilTrial <= 0 && _seen >= Settling)
                    StartTrial();
            }
        }

        void StartTrial()
        {
            // On in a direction that paid, else the other one; there is no way below one and above all.
            _climbs = _settled == 1 || (_settled < _most && _climbs == _paid);
            _trial = _climbs ? Math.Min(2 * _settled, _most) : _settled / 2;
            (_trialSteps, _trialSum) = (-1, 0);
        }

        void LearnTrial(long ticks)
        {
            // The first step wakes threads and does not count.
            if (++_trialSteps > 0)
                _trialSum += ticks;
            if (_trialSteps < FewestSteps || _trialSum < _trialTicks)
                return;
            var mean = _trialSum / _trialSteps;
            var pays = mean < Gain * _mean;
            if (pays && (_trialSteps < Proof * FewestSteps || _trialSum < Proof * _trialTicks))
                return;
            if (pays)
                (_settled, _mean) = (_trial, mean);
            _rest = pays ? ShortestRest : Math.Min(2 * _rest, LongestRest);
            _paid = pays;
            (_trial, _untilTrial) = (0, (pays ? 1 : _rest) * Math.Max(_trialTicks, _trialSum));
        }
    }
}
