using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A message of a protocol that comes in pieces over a channel. Nothing of it is believed.</summary>
internal struct MessageAssembly
{
    private uint _number;
    private uint _next;
    private uint _pieces;

    /// <summary>Header of the message.</summary>
    internal MessageHeader Header { get; private set; }

    /// <summary>Number of the call.</summary>
    internal readonly uint Number => _number;

    /// <summary>Adds a piece. One that fits nowhere is dropped: its beginning was not sent, or belongs to a message that was given up.</summary>
    /// <param name="piece">Untrusted.</param>
    /// <param name="words">Where the words go; as many as a message can have.</param>
    /// <returns>Whether the message is whole. One whose header no message can have is whole at once.</returns>
    [MustUse]
    internal bool TryEnd(ref readonly RingMessage piece, Span<ulong> words)
    {
        if (MessagePiece.IsFirst(in piece))
        {
            Header = new MessageHeader(piece.Payload.Word0);
            _number = MessagePiece.NumberOf(in piece);
            _next = 0;
            _pieces = IsGood ? MessagePiece.Count(Header.Words) : 1;
        }
        else if (_next == 0 || _next == _pieces || MessagePiece.NumberOf(in piece) != _number)
        {
            return false;
        }

        MessagePiece.Take(in piece, _next, words);
        _next++;
        if (_next != _pieces)
        {
            return false;
        }

        _next = 0;
        return true;
    }

    /// <summary>Whether a message can have this header. Over a channel none has capabilities.</summary>
    internal readonly bool IsGood => Header.IsValid && Header.Capabilities == 0 && !Header.IsSignal;
}
