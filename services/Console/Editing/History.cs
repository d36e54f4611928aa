using System;
using System.Runtime.CompilerServices;

namespace Atoll.Services.Console;

/// <summary>The last lines, newest last.</summary>
public struct History
{
    private const int Capacity = 6;

    private Lines _lines;
    private int _added;
    private int _looksAt;

    /// <summary>Remembers a line, unless it is empty or the last one again. Going back begins anew.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (line.Length != 0 && (_added == 0 || !Lib.Text.AreEqual(LineBuffer.View(in _lines[(_added - 1) % Capacity]), line)))
        {
            _lines[_added % Capacity].Set(line);
            _added++;
        }

        _looksAt = _added;
    }

    /// <summary>Goes one line back.</summary>
    /// <returns>False: there is none before, and the line stays.</returns>
    public bool Back(ref LineBuffer line)
    {
        int oldest = _added > Capacity ? _added - Capacity : 0;
        if (_looksAt <= oldest)
        {
            return false;
        }

        line = _lines[--_looksAt % Capacity];
        line.MoveTo(line.Length);
        return true;
    }

    /// <summary>Goes one line on; after the newest comes an empty one.</summary>
    public bool Forward(ref LineBuffer line)
    {
        if (_looksAt >= _added)
        {
            return false;
        }

        _looksAt++;
        if (_looksAt == _added)
        {
            line.Set(default);
            return true;
        }

        line = _lines[_looksAt % Capacity];
        line.MoveTo(line.Length);
        return true;
    }

    [InlineArray(Capacity)]
    private struct Lines
    {
        private LineBuffer _line0;
    }
}
