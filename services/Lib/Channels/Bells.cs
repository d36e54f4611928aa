using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Channels to be rung by the wait that follows, so that ringing takes no entry into the kernel of its own.</summary>
/// <remarks>Whoever fills it waits next, or rings by <see cref="RingChannel.EndTurn"/>: until then the other end sleeps.</remarks>
public struct Bells
{
    private uint _first;
    private uint _second;

    /// <summary>Adds a channel's bell, if it owes one. One that finds no place is rung at once.</summary>
    public void Add(ref RingChannel channel)
    {
        if (!channel.OwesBell)
        {
            return;
        }

        if (_second != 0)
        {
            channel.EndTurn();
            return;
        }

        uint bell = channel.TakeBell();
        _second = _first == 0 ? 0 : bell;
        _first = _first == 0 ? bell : _first;
    }

    /// <summary>Has a receive ring them.</summary>
    public void Load(ref CallFrame frame)
    {
        if (_first != 0)
        {
            frame.Number |= SystemCallFlags.Rings;
            frame.Word0 = _first;
            frame.Word1 = _second;
            this = default;
        }
    }
}
