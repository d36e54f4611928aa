namespace Atoll.Cli.Running;

/// <summary>Takes the keys that are for the host out of what is typed: Ctrl-A X ends, Ctrl-A Ctrl-A is one Ctrl-A, as in QEMU.</summary>
/// <remarks>Ctrl-A and any other key are both the guest's.</remarks>
public sealed class EscapeKey
{
    private const byte ControlA = 0x01;

    private bool _isEscape;

    /// <summary>Whether the end was asked for.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Takes what was typed.</summary>
    /// <returns>What is the guest's of it; nothing that was typed behind the end.</returns>
    public byte[] Take(ReadOnlySpan<byte> typed)
    {
        List<byte> forGuest = [];
        foreach (byte key in typed)
        {
            if (IsEnd)
            {
                break;
            }

            bool isFirst = key == ControlA && !_isEscape;
            IsEnd = _isEscape && (key is (byte)'x' or (byte)'X');
            if (!isFirst && !IsEnd)
            {
                if (_isEscape && key != ControlA)
                {
                    forGuest.Add(ControlA);
                }

                forGuest.Add(key);
            }

            _isEscape = isFirst;
        }

        return [.. forGuest];
    }
}
