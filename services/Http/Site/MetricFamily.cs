using System;
using Atoll.Services.Http.Engine;

namespace Atoll.Services.Http;

/// <summary>A metric: its name, what it means, and whether it only grows. Source: Prometheus, "Exposition formats", "Metric and label naming".</summary>
/// <param name="name">Its name, with the unit; that of a counter ends with <c>_total</c>.</param>
/// <param name="help">What it means.</param>
internal readonly ref struct MetricFamily(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help)
{
    private readonly ReadOnlySpan<byte> _name = name;
    private readonly ReadOnlySpan<byte> _help = help;

    private bool IsCounter
    {
        get
        {
            ReadOnlySpan<byte> end = "_total"u8;
            return _name.Length > end.Length && Lib.Text.AreEqual(_name.Slice(_name.Length - end.Length, end.Length), end);
        }
    }

    /// <summary>Adds the lines before the first sample.</summary>
    internal void Begin(ref ByteWriter to)
    {
        to.Add("# HELP "u8);
        to.Add(_name);
        to.Add((byte)' ');
        to.Add(_help);
        to.Add("\n# TYPE "u8);
        to.Add(_name);
        to.Add(IsCounter ? " counter\n"u8 : " gauge\n"u8);
    }

    /// <summary>Adds a sample without labels.</summary>
    internal void Add(ref ByteWriter to, ulong value)
    {
        to.Add(_name);
        AddValue(ref to, value);
    }

    /// <summary>Adds a sample with a label.</summary>
    internal void Add(ref ByteWriter to, ReadOnlySpan<byte> label, ReadOnlySpan<byte> of, ulong value)
    {
        to.Add(_name);
        to.Add((byte)'{');
        to.Add(label);
        to.Add((byte)'=');
        JsonText.AddText(ref to, of);
        to.Add((byte)'}');
        AddValue(ref to, value);
    }

    /// <summary>Adds a sample of an instance.</summary>
    internal void AddOfCore(ref ByteWriter to, uint core, ulong value)
    {
        AddCore(ref to, core);
        to.Add((byte)'}');
        AddValue(ref to, value);
    }

    /// <summary>Adds a sample of a program.</summary>
    internal void AddOfProgram(ref ByteWriter to, uint core, scoped ReadOnlySpan<byte> program, ulong value)
    {
        AddCore(ref to, core);
        to.Add(",program="u8);
        JsonText.AddText(ref to, program);
        to.Add((byte)'}');
        AddValue(ref to, value);
    }

    private void AddCore(ref ByteWriter to, uint core)
    {
        to.Add(_name);
        to.Add("{core=\""u8);
        to.Add(core);
        to.Add((byte)'"');
    }

    // Times are told in seconds, and kept in microseconds.
    private void AddValue(ref ByteWriter to, ulong value)
    {
        const ulong microseconds = 1_000_000;
        to.Add((byte)' ');
        if (IsOfSeconds)
        {
            to.Add(value / microseconds);
            to.Add((byte)'.');
            for (ulong unit = microseconds / 10; unit != 0; unit /= 10)
            {
                to.Add((byte)('0' + (value / unit % 10)));
            }
        }
        else
        {
            to.Add(value);
        }

        to.Add((byte)'\n');
    }

    private bool IsOfSeconds
    {
        get
        {
            ReadOnlySpan<byte> unit = "_seconds"u8;
            int end = _name.Length - (IsCounter ? "_total"u8.Length : 0);
            return end > unit.Length && Lib.Text.AreEqual(_name.Slice(end - unit.Length, unit.Length), unit);
        }
    }
}
