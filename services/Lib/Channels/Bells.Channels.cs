namespace Atoll.Services.Lib;

/// <content>Which channels are rung.</content>
public partial struct Bells
{
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
}
