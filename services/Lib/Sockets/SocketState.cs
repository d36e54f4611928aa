using System.Numerics;
using System.Runtime.CompilerServices;
using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <summary>What a program knows of a socket of its own.</summary>
internal struct SocketState
{
    /// <summary>What the stack calls it; 0: there is none.</summary>
    internal uint Handle;

    /// <summary>Done: it goes on. EndOfStream: nothing more comes. Else why it ended.</summary>
    internal SocketAnswer Ended;

    /// <summary>What the stack is to be told, and was not yet.</summary>
    internal SocketRequest Owes;
    internal bool OwesResume;

    /// <summary>Bytes that can be sent.</summary>
    internal int Room;

    /// <summary>Where in the stream the bytes belong that come next.</summary>
    internal uint Position;

    /// <summary>Bytes of the first of its places that were read.</summary>
    internal int Read;

    /// <summary>Who has called, and from where: of a connection that waits to be accepted.</summary>
    internal uint Address;
    internal ushort Port;

    /// <summary>First and last of the places that hold what it has received, in their order; one more than the number, 0: none.</summary>
    internal byte First;
    internal byte Last;

    /// <summary>Of a listener: connections that wait to be accepted, by their place and one more. Of such a connection: the next.</summary>
    internal byte FirstCaller;
    internal byte LastCaller;
    internal byte NextCaller;

    internal bool IsConnection;
    internal bool IsOpen;
    internal bool IsShut;

    /// <summary>The program has given it up, and the stack does not know yet.</summary>
    internal bool IsGone;

    /// <summary>The stack sends no more before it is told that the program reads on.</summary>
    internal bool IsPaused;

    /// <summary>Whether it ended otherwise than by the peer's end.</summary>
    internal readonly bool HasFailed => Ended is not (SocketAnswer.Done or SocketAnswer.EndOfStream);
}

/// <summary>Sockets of a program: the stack says which place each has.</summary>
[InlineArray(Count)]
internal struct SocketStates
{
    /// <summary>Places.</summary>
    internal const int Count = 128;

    private SocketState _socket0;
}

/// <summary>A set of places.</summary>
internal struct PlaceSet
{
    private const int HalfBits = 64;

    private ulong _low;
    private ulong _high;

    internal readonly bool IsEmpty => (_low | _high) == 0;

    internal void Add(int place)
    {
        _low |= place < HalfBits ? 1UL << place : 0;
        _high |= place < HalfBits ? 0 : 1UL << (place - HalfBits);
    }

    internal void Remove(int place)
    {
        _low &= place < HalfBits ? ~(1UL << place) : ~0UL;
        _high &= place < HalfBits ? ~0UL : ~(1UL << (place - HalfBits));
    }

    internal readonly bool Has(int place) => ((place < HalfBits ? _low >> place : _high >> (place - HalfBits)) & 1) != 0;

    /// <summary>Takes the first behind another out, or else the first of all: so each has its turn.</summary>
    /// <returns>False: it is empty.</returns>
    internal bool TryTake(ref int last)
    {
        if (IsEmpty)
        {
            return false;
        }

        int from = last + 1 < SocketStates.Count ? last + 1 : 0;
        ulong low = from < HalfBits ? _low >> from << from : 0;
        ulong high = from < HalfBits ? _high : _high >> (from - HalfBits) << (from - HalfBits);
        bool isBehind = (low | high) != 0;
        low = isBehind ? low : _low;
        high = isBehind ? high : _high;
        last = low != 0 ? BitOperations.TrailingZeroCount(low) : HalfBits + BitOperations.TrailingZeroCount(high);
        Remove(last);
        return true;
    }
}

/// <summary>A place of what is received.</summary>
internal struct HeldPlace
{
    /// <summary>Which socket's it is.</summary>
    internal byte Socket;

    /// <summary>Bytes in it.</summary>
    internal ushort Length;

    /// <summary>When it goes back: how many of them were read.</summary>
    internal ushort Consumed;

    /// <summary>The next of the same socket, and one more.</summary>
    internal byte Next;
}

/// <summary>Places of what is received.</summary>
[InlineArray(SocketArea.Places)]
internal struct HeldPlaces
{
    private HeldPlace _place0;
}
