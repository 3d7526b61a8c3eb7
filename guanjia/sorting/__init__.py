"""垃圾分类积分: correct sorts confirmed at the bin, points, gifts, the volunteers' rota (CLN-09, CLN-10, CF-58)."""
