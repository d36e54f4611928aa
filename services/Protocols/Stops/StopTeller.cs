using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>Tells whoever has the console, on whichever core, what a log has of programs that stopped.</summary>
/// <remarks>
/// It waits for nobody, so Init can have it: what cannot be said now is said when the channel opens, or the next time. What the log forgets before that is not said at all, and
/// what the other end had not read when it died is not said again.
/// </remarks>
[NonCopyable]
public struct StopTeller
{
    private const ulong TriesPerSecond = 100;

    private readonly ulong _pause;
    private RingChannel _channel;
    private ulong _told;
    private bool _isOver;

    /// <summary>Begins.</summary>
    /// <param name="end">The end of the channel; one that is not given: nobody is told.</param>
    /// <param name="tscHz">TSC ticks a second.</param>
    public StopTeller(ref readonly Abi.GrantRecord end, ulong tscHz)
    {
        _channel = RingChannel.Of(in end);
        _pause = tscHz / TriesPerSecond;
        NextDeadline = Deadline.Never;
    }

    /// <summary>When it tries again: no signal tells that a full ring has room.</summary>
    public ulong NextDeadline { get; private set; }

    /// <summary>The channel has signalled: it is open, or its other end is gone.</summary>
    public void Heard()
    {
        if (!_channel.IsGiven)
        {
            return;
        }

        // Opened also when nothing was told yet: of an end that is not open nobody can say that the other is gone.
        _channel.Awake();
        _isOver = _isOver || (_channel.TryOpen() == ChannelResult.Done && _channel.TryReceive(out _) == ChannelResult.PeerDied);
        if (_isOver)
        {
            _isOver = _channel.Reopen() != ChannelResult.Done;
        }
    }

    /// <summary>Says what was not said yet.</summary>
    /// <param name="log">What happened.</param>
    public void Tell(ref readonly EventLog log)
    {
        NextDeadline = Deadline.Never;
        _told = _told < log.Oldest ? log.Oldest : _told;
        if (_told == log.Count || !_channel.IsGiven || _channel.TryOpen() != ChannelResult.Done)
        {
            return;
        }

        ChannelResult sent = ChannelResult.Done;
        while (sent == ChannelResult.Done && log.TryGet(_told, out WatchEvent happened))
        {
            sent = Say(in happened);
            _told += sent == ChannelResult.Done ? 1u : 0;
        }

        _channel.EndTurn();
        NextDeadline = sent == ChannelResult.WouldBlock ? Ipc.Now() + _pause : Deadline.Never;
    }

    // What ended by itself is no fault.
    private ChannelResult Say(in WatchEvent happened)
    {
        if (happened.Outcome == WatchOutcome.Ended)
        {
            return ChannelResult.Done;
        }

        Abi.RingMessage message = StopMessage.Of(in happened);
        return _channel.TrySend(in message);
    }
}
