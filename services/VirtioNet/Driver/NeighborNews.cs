using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Services.VirtioNet;

/// <summary>ARP replies of a turn, for the stacks that do not have them as frames. More than fit are lost, as frames may be: who waits asks again.</summary>
public struct NeighborNews
{
    private const int Most = 2;

    private Messages _messages;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(in RingMessage message)
    {
        if (Count < Most)
        {
            _messages[Count++] = message;
        }
    }

    /// <summary>One of them.</summary>
    public readonly RingMessage At(int index) => _messages[index];

    /// <summary>They were passed on.</summary>
    public void Clear() => Count = 0;

    [InlineArray(Most)]
    private struct Messages
    {
        private RingMessage _message0;
    }
}
