using System;

namespace Atoll.Services.Http.Engine;

/// <summary>Reads a list with commas between its members; empty ones are passed over. Source: RFC 9110, "Lists".</summary>
/// <param name="value">A field's value without quoted texts.</param>
internal ref struct FieldList(ReadOnlySpan<byte> value)
{
    private readonly ReadOnlySpan<byte> _value = value;
    private int _next;

    public bool TryNext(out ReadOnlySpan<byte> member)
    {
        member = default;
        while (_next < _value.Length && member.Length == 0)
        {
            int end = Ascii.Find(_value, _next, (byte)',');
            member = Ascii.Trim(_value.Slice(_next, end - _next));
            _next = end + 1;
        }

        return member.Length != 0;
    }
}
