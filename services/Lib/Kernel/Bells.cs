using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Channels to be rung by the wait that follows, so that ringing takes no entry into the kernel of its own.</summary>
/// <remarks>Whoever fills it waits next, or ends the turn of each channel: until then the other end sleeps.</remarks>
public partial struct Bells
{
    private uint _first;
    private uint _second;

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
