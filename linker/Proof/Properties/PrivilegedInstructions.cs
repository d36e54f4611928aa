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
    private readonly Dictionary<(CodeFunction Function, string Kind), Grant> _grants = [];
    private readonly Dictionary<(ulong Site, string Kind), Grant> _siteGrants = [];
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
            IEnumerable<CodeFunction> inside = _proof.Image.Find(claim.Name) is { } symbol
                ? _proof.Code.Within(symbol.Address, symbol.SizeBytes)
                : [];
            Add(claim.Name, claim.Kinds, inside.Concat(_proof.Code.Named(claim.Name)).Distinct());
        }

        foreach (SiteClaim site in _proof.Claims.Sites.Values)
        {
            if (_proof.Code.At(site.Address) is { } function && Covers(function, site.Address))
            {
                AddSite(site);
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

    private void Add(string claimed, IReadOnlyList<string> kinds, IEnumerable<CodeFunction> functions)
    {
        Grant[] grants = [.. kinds.Select(kind => new Grant(claimed, kind))];
        _all.AddRange(grants);
        foreach (CodeFunction function in functions)
        {
            foreach (Grant grant in grants)
            {
                _grants.TryAdd((function, grant.Kind), grant);
            }
        }
    }

    private void AddSite(SiteClaim site)
    {
        foreach (string kind in site.Kinds)
        {
            Grant grant = new($"{site.Stub} at 0x{site.Address:x}", kind);
            _all.Add(grant);
            _siteGrants.TryAdd((site.Address, kind), grant);
        }
    }

    /// <summary>Leave of the function, or of the site whose five bytes the instruction begins in.</summary>
    private Grant? GrantOf(CodeFunction function, ulong address, string kind)
    {
        if (_grants.TryGetValue((function, kind), out Grant? grant))
        {
            return grant;
        }

        for (ulong distance = 0; distance < CallBytes && grant is null; distance++)
        {
            _siteGrants.TryGetValue((unchecked(address - distance), kind), out grant);
        }

        return grant;
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

        Grant? grant = GrantOf(function, instruction.IP, kind);
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
    private sealed class Grant(string claimed, string kind)
    {
        public string Claimed => claimed;

        public string Kind => kind;

        public bool IsUsed { get; set; }
    }
}
