using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Properties;

/// <summary>Privileged and mode-changing instructions are only where the image claims them, and every claim has
/// one.</summary>
/// <remarks>A program may claim nothing but SYSCALL: what it cannot execute in ring 3 it must not contain.</remarks>
public sealed class PrivilegedInstructions
{
    /// <summary>How a program asks its kernel.</summary>
    private const string SystemCall = "syscall";

    /// <summary>Bytes of the CALL that a site replaces.</summary>
    private const ulong CallBytes = 5;

    private readonly ProofContext _proof;
    private readonly Dictionary<CodeFunction, List<Grant>> _grants = [];
    private readonly List<Grant> _all = [];

    private PrivilegedInstructions(ProofContext proof) => _proof = proof;

    /// <summary>Checks.</summary>
    /// <returns>Privileged instructions examined.</returns>
    public static int Check(ProofContext proof)
    {
        PrivilegedInstructions check = new(proof);
        check.CollectGrants();
        int examined = proof.Code.Functions.Sum(check.Check);
        check.ReportIdle();
        return examined;
    }

    private void CollectGrants()
    {
        foreach (PrivilegeClaim claim in _proof.Claims.Privileges)
        {
            WrittenSymbol? symbol = _proof.Image.Find(claim.Name);
            Add(claim.Name, claim.Kinds, _proof.Code.Functions.Where(function =>
                function.Name == claim.Name
                || (symbol is not null && unchecked(function.Address - symbol.Address) < symbol.SizeBytes)));
        }

        foreach (SiteClaim site in _proof.Claims.Sites.Values)
        {
            if (_proof.Code.At(site.Address) is { } function && Covers(function, site.Address))
            {
                Add($"{site.Stub} at 0x{site.Address:x}", site.Kinds, [function], site.Address);
            }
            else
            {
                _proof.Report(
                    ProofDiagnostics.IdleClaim,
                    $"The site 0x{site.Address:x} of '{site.Stub}' is no call's place.",
                    site.Stub);
            }
        }
    }

    /// <summary>Whether whole instructions fill the five bytes of a call.</summary>
    private static bool Covers(CodeFunction function, ulong address)
    {
        ulong end = address + CallBytes;
        return function.IndexOf(address) >= 0 && (end == function.End || function.IndexOf(end) >= 0);
    }

    private void Add(string claimed, IReadOnlyList<string> kinds, IEnumerable<CodeFunction> functions, ulong? site = null)
    {
        Grant[] grants = [.. kinds.Select(kind => new Grant(claimed, kind, site))];
        _all.AddRange(grants);
        foreach (CodeFunction function in functions)
        {
            if (!_grants.TryGetValue(function, out List<Grant>? known))
            {
                _grants.Add(function, known = []);
            }

            known.AddRange(grants);
        }
    }

    private int Check(CodeFunction function)
    {
        int examined = 0;
        foreach (ref readonly Instruction instruction in function.Instructions)
        {
            if (PrivilegedKind.Of(instruction) is { } kind)
            {
                examined++;
                Check(function, instruction, kind);
            }
        }

        return examined;
    }

    private void Check(CodeFunction function, Instruction instruction, string kind)
    {
        if (_proof.Claims.IsProgram && kind != SystemCall)
        {
            _proof.Report(
                ProofDiagnostics.Privileged,
                function,
                instruction.IP,
                $"is '{instruction}' ('{kind}'), which no program may have");
            return;
        }

        Grant? grant = _grants.GetValueOrDefault(function)?.Find(candidate => candidate.Allows(kind, instruction.IP));
        if (grant is null)
        {
            _proof.Report(
                ProofDiagnostics.Privileged,
                function,
                instruction.IP,
                $"is '{instruction}' ('{kind}'), which nothing declares there");
        }
        else
        {
            grant.IsUsed = true;
        }
    }

    private void ReportIdle()
    {
        foreach (Grant grant in _all.Where(grant => !grant.IsUsed))
        {
            _proof.Report(ProofDiagnostics.IdleClaim, $"{grant.Claimed} claims '{grant.Kind}' and has none.", grant.Claimed);
        }
    }

    /// <summary>Leave for one kind of instruction, anywhere in a function or at one site of it.</summary>
    private sealed class Grant(string claimed, string kind, ulong? site)
    {
        public string Claimed => claimed;

        public string Kind => kind;

        public bool IsUsed { get; set; }

        public bool Allows(string wanted, ulong address) =>
            wanted == kind && (site is null || unchecked(address - site.Value) < CallBytes);
    }
}
