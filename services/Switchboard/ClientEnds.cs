using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.Switchboard;

/// <summary>The ends that were handed out to programs, until they are given up.</summary>
/// <remarks>Who gives up an end tells nobody here, and need not be believed if it did. The kernel is asked, when a program seems to have as many as it may.</remarks>
[NonCopyable]
public struct ClientEnds
{
    /// <summary>Most that are remembered: of all programs of a core.</summary>
    public const uint Most = 192;

    private Rows _rows;

    /// <summary>Ends that are remembered. Some of them may have been given up.</summary>
    public uint Count { get; private set; }

    /// <summary>Remembers one.</summary>
    /// <param name="badge">Who has it.</param>
    /// <param name="number">Its number on this core.</param>
    /// <param name="connection">What it is called: no other is ever called so.</param>
    public void Add(ulong badge, uint number, ulong connection) =>
        _rows[(int)Count++] = new ClientEnd { Badge = badge, Number = number, Connection = connection };

    /// <summary>How many of a program are remembered.</summary>
    public readonly uint CountOf(ulong badge)
    {
        uint count = 0;
        for (int index = 0; index < Count; index++)
        {
            count += _rows[index].Badge == badge ? 1u : 0;
        }

        return count;
    }

    /// <summary>Forgets those of a program that it has given up.</summary>
    public void Forget<[AllowLinear] TBoard>(ref TBoard board, ulong badge)
        where TBoard : struct, IBoard
    {
        int index = 0;
        while (index < Count)
        {
            if (_rows[index].Badge == badge)
            {
                ForgetIfGone(ref board, ref index);
            }
            else
            {
                index++;
            }
        }
    }

    /// <summary>Forgets all that were given up.</summary>
    public void Forget<[AllowLinear] TBoard>(ref TBoard board)
        where TBoard : struct, IBoard
    {
        int index = 0;
        while (index < Count)
        {
            ForgetIfGone(ref board, ref index);
        }
    }

    // The last one takes its place, and is looked at next.
    private void ForgetIfGone<[AllowLinear] TBoard>(ref TBoard board, ref int index)
        where TBoard : struct, IBoard
    {
        if (board.IsHeld(_rows[index].Number, _rows[index].Connection))
        {
            index++;
            return;
        }

        Count--;
        _rows[index] = _rows[(int)Count];
    }

    private struct ClientEnd
    {
        internal ulong Badge;
        internal ulong Connection;
        internal uint Number;
    }

    [InlineArray((int)Most)]
    private struct Rows
    {
        private ClientEnd _first;
    }
}
