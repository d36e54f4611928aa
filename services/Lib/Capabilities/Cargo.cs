using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The capabilities that go along with a question or an answer.</summary>
public struct Cargo
{
    private CapabilityAddresses _given;

    /// <summary>How many go.</summary>
    public uint Count { get; private set; }

    /// <summary>Whether capabilities may come back: into the thread's <see cref="Inbox"/>.</summary>
    public bool Admits { get; set; }

    /// <summary>Gives one more. The receiver gets a capability derived from it.</summary>
    /// <param name="address">Address of a capability.</param>
    public void Give(ulong address)
    {
        if (Count < MessageHeader.CapabilitiesMax)
        {
            _given[(int)Count++] = address;
        }
    }

    /// <summary>Address of one that goes.</summary>
    public readonly ulong Given(uint index) => index < MessageHeader.CapabilitiesMax ? _given[(int)index] : 0;
}

/// <summary>Takes the capabilities that came with a message, in their order, and believes nothing of who sent them.</summary>
public struct CapabilityReader
{
    private readonly uint _came;
    private uint _next;
    private bool _isWrong;

    /// <summary>Begins.</summary>
    /// <param name="came">How many came, as the kernel says.</param>
    public CapabilityReader(uint came)
    {
        _came = came;
        ThreadBuffer.Inbox.Take(came);
    }

    /// <summary>Whether as many came as were taken, each of its kind.</summary>
    public readonly bool IsComplete => !_isWrong && _next == _came;

    /// <summary>Takes the next.</summary>
    /// <param name="type">The kind that it must have.</param>
    /// <returns>Its address in the inbox.</returns>
    public ulong Take(CapabilityType type)
    {
        ulong address = ThreadBuffer.Inbox.Find(_next++, type);
        _isWrong |= address == 0;
        return address;
    }

    /// <summary>Takes the next, if the message says that there is one.</summary>
    public ulong TakeIf(bool isThere, CapabilityType type) => isThere ? Take(type) : 0;
}
