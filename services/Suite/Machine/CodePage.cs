using System;

namespace Atoll.Services.Suite;

/// <summary>Writes machine code: what a program can do that a compiler would never write. It is written through one mapping and run through another.</summary>
/// <remarks>A program that holds a frame can do so: no mapping is writable and executable, but two mappings of one frame may be.</remarks>
internal struct CodePage
{
    private ulong _at;

    /// <summary>Begins at the beginning of the page, or at another place in it.</summary>
    internal CodePage(ulong offset) => _at = offset;

    /// <summary>Address of the next instruction.</summary>
    internal readonly ulong Here => Layout.CodeRun + _at;

    /// <summary>Instructions.</summary>
    /// <param name="code">Their bytes, two hexadecimal digits each, in upper case, with blanks between.</param>
    internal void Add(ReadOnlySpan<byte> code)
    {
        for (int i = 0; i + 1 < code.Length; i += 3)
        {
            Byte((byte)((Digit(code[i]) << 4) | Digit(code[i + 1])));
        }
    }

    /// <summary>UD2: stops the thread and tells its registers.</summary>
    internal void Stop() => Add("0F 0B"u8);

    /// <summary>SYSCALL.</summary>
    internal void SystemCall() => Add("0F 05"u8);

    /// <summary>MOV EAX, value.</summary>
    internal void SetEax(uint value)
    {
        Byte(0xB8);
        Immediate(value);
    }

    /// <summary>MOV EDI, value: the capability.</summary>
    internal void SetEdi(uint value)
    {
        Byte(0xBF);
        Immediate(value);
    }

    /// <summary>MOV ESI, value: the header of a message.</summary>
    internal void SetEsi(uint value)
    {
        Byte(0xBE);
        Immediate(value);
    }

    /// <summary>MOV EDX, value: word 0 of a message.</summary>
    internal void SetEdx(uint value)
    {
        Byte(0xBA);
        Immediate(value);
    }

    /// <summary>MOV R10D, value: word 1 of a message.</summary>
    internal void SetR10(uint value)
    {
        Add("41 BA"u8);
        Immediate(value);
    }

    /// <summary>MOV R8D, value: word 2 of a message.</summary>
    internal void SetR8(uint value)
    {
        Add("41 B8"u8);
        Immediate(value);
    }

    /// <summary>PUSH value; POPFQ: the flags.</summary>
    internal void SetFlags(uint value)
    {
        Byte(0x68);
        Immediate(value);
        Byte(0x9D);
    }

    /// <summary>PUSHFQ; POP RAX: the flags.</summary>
    internal void GetFlags() => Add("9C 58"u8);

    /// <summary>RBX, RBP, R8 to R15, RDX, RAX become RDI plus 1, plus 2 and so on.</summary>
    internal void FillGeneral()
    {
        Add("48 8D 5F 01"u8);
        Add("48 8D 6F 02"u8);
        for (uint register = 0; register < 8; register++)
        {
            // LEA R8+n, [RDI + 3 + n]
            Add("4C 8D"u8);
            Byte((byte)(0x47 | (register << 3)));
            Byte((byte)(3 + register));
        }

        Add("48 8D 57 0B"u8);
        Add("48 8D 47 0C"u8);
    }

    /// <summary>MOV ECX, turns; then counts it down to 0.</summary>
    internal void Turn(uint turns)
    {
        Byte(0xB9);
        Immediate(turns);
        Add("FF C9 75 FC"u8);
    }

    /// <summary>Both halves of XMM0 to XMM15 become RDI.</summary>
    internal void FillVectors()
    {
        for (uint register = 0; register < 16; register++)
        {
            uint low = (register & 7) << 3;

            // MOVQ XMMn, RDI; PUNPCKLQDQ XMMn, XMMn
            Add("66"u8);
            Byte((byte)(register < 8 ? 0x48 : 0x4C));
            Add("0F 6E"u8);
            Byte((byte)(0xC7 | low));
            Pair(register, 0x6C);
        }
    }

    /// <summary>RAX becomes 0 when every half of XMM0 to XMM15 is RDI, else something else. Changes RCX and the vectors.</summary>
    internal void CompareVectors()
    {
        // XOR EAX, EAX
        Add("31 C0"u8);
        for (uint register = 0; register < 16; register++)
        {
            CompareLow(register);

            // PUNPCKHQDQ XMMn, XMMn
            Pair(register, 0x6D);
            CompareLow(register);
        }
    }

    // MOVQ RCX, XMMn; XOR RCX, RDI; OR RAX, RCX
    private void CompareLow(uint register)
    {
        Add("66"u8);
        Byte((byte)(register < 8 ? 0x48 : 0x4C));
        Add("0F 7E"u8);
        Byte((byte)(0xC1 | ((register & 7) << 3)));
        Add("48 31 F9 48 09 C8"u8);
    }

    private void Pair(uint register, byte operation)
    {
        Add("66"u8);
        if (register >= 8)
        {
            Byte(0x45);
        }

        Byte(0x0F);
        Byte(operation);
        Byte((byte)(0xC0 | ((register & 7) << 3) | (register & 7)));
    }

    private static int Digit(byte letter) => letter <= '9' ? letter - '0' : letter - 'A' + 10;

    private void Immediate(uint value)
    {
        for (int shift = 0; shift < 32; shift += 8)
        {
            Byte((byte)(value >> shift));
        }
    }

    private void Byte(byte value)
    {
        UserMemory.WriteByte(Layout.CodeWrite + (_at & (Layout.Page - 1)), value);
        _at++;
    }
}
