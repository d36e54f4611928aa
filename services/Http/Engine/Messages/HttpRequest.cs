using System;

namespace Atoll.Services.Http.Engine;

/// <summary>A request whose head has been read, for as long as it lies in its connection's buffer.</summary>
public readonly ref struct HttpRequest
{
    private readonly ReadOnlySpan<byte> _head;
    private readonly int _pathStart;
    private readonly int _pathLength;
    private readonly int _queryStart;
    private readonly int _queryLength;
    private readonly int _fieldsStart;

    internal HttpRequest(ReadOnlySpan<byte> head, in RequestFacts facts)
    {
        _head = head;
        _pathStart = facts.PathStart;
        _pathLength = facts.PathLength;
        _queryStart = facts.QueryStart;
        _queryLength = facts.QueryLength;
        _fieldsStart = facts.FieldsStart;
        Method = facts.Method;
        IsServerWide = facts.IsServerWide;
    }

    /// <summary>The method.</summary>
    public HttpMethod Method { get; }

    /// <summary>Whether it is about the server as a whole (OPTIONS *). There is no path then.</summary>
    public bool IsServerWide { get; }

    /// <summary>The path, escapes resolved: any bytes but zero. Of an address without one it is '/'.</summary>
    public ReadOnlySpan<byte> Path => _pathLength == 0 && !IsServerWide ? "/"u8 : _head.Slice(_pathStart, _pathLength);

    /// <summary>What stands behind the question mark, as it came.</summary>
    public ReadOnlySpan<byte> Query => _head.Slice(_queryStart, _queryLength);

    /// <summary>Finds the first field of a name.</summary>
    /// <param name="name">Small letters.</param>
    /// <param name="value">Its value, without blanks around it.</param>
    public bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int start = _fieldsStart;
        int length = HeadReader.LineLength(_head, start);
        while (length != 0)
        {
            ReadOnlySpan<byte> line = _head.Slice(start, length);
            if (length > name.Length && line[name.Length] == ':' && Ascii.IsName(line.Slice(0, name.Length), name))
            {
                value = Ascii.Trim(line.Slice(name.Length + 1, length - name.Length - 1));
                return true;
            }

            start += length + 2;
            length = HeadReader.LineLength(_head, start);
        }

        value = default;
        return false;
    }
}
