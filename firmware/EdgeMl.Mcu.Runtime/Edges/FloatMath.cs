namespace EdgeMl.Mcu.Runtime.Edges;

/// <summary>
/// float32 exponential and logarithm, computed in float64 by table and polynomial as the C libraries of current desktop systems do, so that
/// a float softmax gives the same bits on every machine. Constants stand in code: a static array would cost every device heap.
/// </summary>
internal static class FloatMath
{
    /// <summary>
    /// e^x for x ≤ 0. With n = round(32 x / ln 2): e^x = 2^(n/32) * 2^(r/32), the last factor by a cubic.
    /// </summary>
    internal static float Exp(float x)
    {
        if (!(x > -104))
            return 0;
        double z = 46.16624130844683 * x;
        int n = (int)(z - 0.5);
        double r = z - n;
        double square = r * r;
        double y = (((1.6938359250920212E-06 * r) + 0.00023459809789509004) * square) + ((0.021660849396613134 * r) + 1);
        y *= PowerOfTwo(n & 31);
        for (int k = n >> 5; k < 0; k++)
            y *= 0.5;
        return (float)y;
    }

    /// <summary>ln x for x ≥ 1. With x = 2^k z: ln x = k ln 2 + ln c + ln(z / c), the last by a quartic; c is one of 16 points near z.</summary>
    internal static float Log(float x)
    {
        int k = 0;
        double z = x;
        while (z >= 1.3984375)
        {
            z *= 0.5;
            k++;
        }
        int index = z < 1 ? ((int)((z - 0.5) * (1 << 24)) - 0x330000) >> 19 : ((int)((z - 1) * (1 << 23)) + 0x4D0000) >> 19;
        double r = (z * InversePoint(index)) - 1;
        double y0 = LogOfPoint(index) + (k * 0.69314718055994529);
        double square = r * r;
        double y = (0.333456765744066 * r) + -0.4999997485802103;
        y = (-0.25089342214237154 * square) + y;
        return (float)((y * square) + (y0 + r));
    }

    /// <summary>2^(i/32).</summary>
    private static double PowerOfTwo(int i)
    {
        switch (i)
        {
            case 0: return 1.0;
            case 1: return 1.0218971486541166;
            case 2: return 1.0442737824274138;
            case 3: return 1.0671404006768237;
            case 4: return 1.0905077326652577;
            case 5: return 1.1143867425958924;
            case 6: return 1.1387886347566916;
            case 7: return 1.1637248587775775;
            case 8: return 1.189207115002721;
            case 9: return 1.215247359980469;
            case 10: return 1.241857812073484;
            case 11: return 1.2690509571917332;
            case 12: return 1.2968395546510096;
            case 13: return 1.3252366431597413;
            case 14: return 1.3542555469368927;
            case 15: return 1.383909881963832;
            case 16: return 1.4142135623730951;
            case 17: return 1.4451808069770467;
            case 18: return 1.4768261459394993;
            case 19: return 1.5091644275934228;
            case 20: return 1.5422108254079407;
            case 21: return 1.5759808451078865;
            case 22: return 1.6104903319492543;
            case 23: return 1.645755478153965;
            case 24: return 1.681792830507429;
            case 25: return 1.718619298122478;
            case 26: return 1.7562521603732995;
            case 27: return 1.7947090750031072;
            case 28: return 1.8340080864093424;
            case 29: return 1.8741676341103;
            case 30: return 1.9152065613971474;
            default: return 1.9571441241754002;
        }
    }

    /// <summary>1 / c of a point.</summary>
    private static double InversePoint(int i)
    {
        switch (i)
        {
            case 0: return 1.398907162146528;
            case 1: return 1.3403141896637998;
            case 2: return 1.286432210124115;
            case 3: return 1.2367150214269895;
            case 4: return 1.1906977166711752;
            case 5: return 1.1479821020556429;
            case 6: return 1.1082251448272158;
            case 7: return 1.0711297413057381;
            case 8: return 1.036437278977283;
            case 9: return 1.0;
            case 10: return 0.9492859795739057;
            case 11: return 0.8951049428609004;
            case 12: return 0.8476821620351103;
            case 13: return 0.8050314851692001;
            case 14: return 0.7664671008843108;
            default: return 0.731428603316328;
        }
    }

    /// <summary>ln c of a point.</summary>
    private static double LogOfPoint(int i)
    {
        switch (i)
        {
            case 0: return -0.33569133332882284;
            case 1: return -0.2929040563774074;
            case 2: return -0.2518726580937369;
            case 3: return -0.21245868807117255;
            case 4: return -0.17453945183745634;
            case 5: return -0.1380057072319758;
            case 6: return -0.10275976698545139;
            case 7: return -0.06871392447020525;
            case 8: return -0.0357891387398228;
            case 9: return 0.0;
            case 10: return 0.05204517742929496;
            case 11: return 0.11081431298787942;
            case 12: return 0.1652495223695143;
            case 13: return 0.21687389031699977;
            case 14: return 0.2659635028121397;
            default: return 0.3127556664073557;
        }
    }
}
