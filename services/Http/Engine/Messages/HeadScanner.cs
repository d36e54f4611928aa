using System;

namespace Atoll.Services.Http.Engine;

/// <summary>
/// Finds the end of a request's head, byte by byte as they come. What it refuses depends on the bytes up to the refused one only:
/// how the request was cut into pieces changes nothing.
/// </summary>
internal struct HeadScanner
{
    private const int EmptyLinesMax = 4;
    private const int MethodBytesMax = 16;
    private const int VersionBytesMax = 8;

    private int _scanned;
    private int _lineStart;
    private int _spaces;
    private int _partStart;
    private int _emptyLines;
    private bool _isAfterReturn;

    /// <summary>Where the request line begins: behind empty lines. Source: RFC 9112, "Message Parsing".</summary>
    public int Start { get; private set; }

    /// <summary>Lines so far, the request line included.</summary>
    public int Lines { get; private set; }

    /// <summary>End of the head, with the empty line that ends it; 0: not seen yet.</summary>
    public int End { get; private set; }

    /// <summary>Bytes that it has looked at.</summary>
    public readonly int Scanned => _scanned;

    /// <summary>Looks at what has come since the last call.</summary>
    /// <param name="input">All bytes from the beginning of the head on.</param>
    /// <param name="settings">How long it may be.</param>
    public RequestFault Advance(ReadOnlySpan<byte> input, in HttpSettings settings)
    {
        RequestFault fault = RequestFault.None;
        while (_scanned < input.Length && End == 0 && fault == RequestFault.None)
        {
            fault = Take(input[_scanned], settings);
            _scanned++;
            if (fault == RequestFault.None && End == 0 && _scanned >= settings.HeadBytesMax)
            {
                fault = RequestFault.FieldsTooLarge;
            }
        }

        return fault;
    }

    private RequestFault Take(byte value, in HttpSettings settings)
    {
        if (_isAfterReturn)
        {
            _isAfterReturn = false;
            return value == Ascii.LineFeed ? EndLine(settings) : RequestFault.BareCarriageReturn;
        }

        switch (value)
        {
            case Ascii.CarriageReturn:
                _isAfterReturn = true;
                return RequestFault.None;
            case Ascii.LineFeed:
                return RequestFault.BareLineFeed;
            default:
                break;
        }

        if (!Ascii.IsText(value))
        {
            return RequestFault.InvalidByte;
        }

        return Lines == 0 ? TakeOfRequestLine(value, settings) : RequestFault.None;
    }

    private RequestFault EndLine(in HttpSettings settings)
    {
        int length = _scanned - 1 - _lineStart;
        _lineStart = _scanned + 1;
        if (length == 0 && Lines == 0)
        {
            _emptyLines++;
            Start = _lineStart;
            _partStart = _lineStart;
            return _emptyLines > EmptyLinesMax ? RequestFault.EmptyLines : RequestFault.None;
        }

        if (length == 0)
        {
            End = _lineStart;
            return RequestFault.None;
        }

        Lines++;
        return Lines - 1 > settings.FieldsMax ? RequestFault.TooManyFields : RequestFault.None;
    }

    // Each part has its own limit, so that what is too long is called by its name.
    private RequestFault TakeOfRequestLine(byte value, in HttpSettings settings)
    {
        if (value == Ascii.Space)
        {
            _spaces++;
            _partStart = _scanned + 1;
            return RequestFault.None;
        }

        int length = _scanned - _partStart + 1;
        return _spaces switch
        {
            0 => length > MethodBytesMax ? RequestFault.MethodUnknown : RequestFault.None,
            1 => length > settings.TargetBytesMax ? RequestFault.TargetTooLong : RequestFault.None,
            _ => length > VersionBytesMax ? RequestFault.VersionMalformed : RequestFault.None,
        };
    }
}
